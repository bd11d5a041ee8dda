"""The ways in which a request can end.

`CarriedOut` is an attribute of every error. `Outcome` is the row of the retry table
(`kintone_orm.http.retry`) that an attempt belongs to.
"""

from __future__ import annotations

from enum import Enum
from typing import NoReturn

__all__ = ["CarriedOut", "Outcome"]


class CarriedOut(str, Enum):
    """The answer to the question whether a write took effect in kintone.

    Compare it with a member, or with its text: it has three values, so it is neither true nor
    false.
    """

    YES = "carried out"
    """kintone wrote the record, or at least one of several records."""
    NO = "not carried out"
    """kintone wrote nothing. The error of a read always has this value."""
    UNKNOWN = "unknown"
    """The write was sent, and no answer of kintone's own came. Read before you send it again."""

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "'carried_out' has three values. Compare it: error.carried_out is CarriedOut.NO."
        )


class Outcome(Enum):
    """The end of one attempt to send a request. The value is the reason in log lines."""

    # No byte of the request reached kintone.
    NOT_SENT = "the server was not reached"
    NO_TRUST = "no secure connection was made"
    PROXY_REFUSED = "the proxy refused the connection"
    UNSENDABLE = "the request could not be sent"
    OUT_OF_TIME = "the deadline passed before the request was sent"

    # The request was sent, and no answer of kintone's own came.
    BROKEN = "the connection broke"
    TIMED_OUT = "no answer arrived in time"
    DAMAGED = "the answer broke off or is damaged"
    NOT_KINTONES = "the answer is not kintone's"
    FAILED_PAGE = "a server in front of kintone reported a failure"

    # An answer came, and the request was not carried out.
    REFUSED_PAGE = "a server in front of kintone refused the request"
    TOO_MANY = "too many requests run at once"
    NO_CURSOR_FREE = "ten cursors are open in the domain"
    LOCKED = "the database is locked"
    IN_MAINTENANCE = "the app is in maintenance mode"
    FAILED = "kintone reported a failure"
    REFUSED = "kintone refused the request"

    @property
    def is_lost_answer(self) -> bool:
        """True if the request was sent and no answer of kintone's own came."""
        return self in _LOST

    @property
    def is_unsent(self) -> bool:
        """True if no byte of the request reached kintone."""
        return self in _UNSENT


_UNSENT = frozenset(
    {
        Outcome.NOT_SENT,
        Outcome.NO_TRUST,
        Outcome.PROXY_REFUSED,
        Outcome.UNSENDABLE,
        Outcome.OUT_OF_TIME,
    }
)
_LOST = frozenset(
    {
        Outcome.BROKEN,
        Outcome.TIMED_OUT,
        Outcome.DAMAGED,
        Outcome.NOT_KINTONES,
        Outcome.FAILED_PAGE,
    }
)
