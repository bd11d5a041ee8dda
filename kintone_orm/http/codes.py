"""kintone's error codes: the requests that each applies to, and the exception for it.

kintone publishes no list of its codes; these are the codes that people have reported. For any other
code, the HTTP status decides. No other module names an error code. A module that must tell refusals
apart compares their `Meaning`.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from kintone_orm import exceptions
from kintone_orm.outcomes import Outcome

if TYPE_CHECKING:
    from kintone_orm.exceptions import APIError

__all__ = ["TABLE", "Code", "Meaning", "code_of", "meaning_of"]


class Meaning(enum.Enum):
    """The reason of a refusal, if the class of the exception does not tell the reason."""

    RECORD_GONE = "there is no such record"
    APP_GONE = "there is no such app, or it was never deployed"
    IN_A_GUEST_SPACE = "the app is in a guest space, which the request's path does not name"
    NO_RIGHT = "the credentials lack the right"
    UNKNOWN_PERSON = "there is no such user, group or organization"
    LOST_RACE = "another request wrote the record at the same moment"
    BAD_QUERY = "kintone cannot parse the query, if the error names no other parameter"


class Code(NamedTuple):
    """One row of the table.

    `on` is the kind of request that the code applies to: "read", "write" or "any". `advice` says
    what to do, if kintone's text does not. `outcome` is the row of the retry table.
    """

    code: str  # a "*" at the end stands for any characters
    becomes: type[APIError]
    on: str = "any"
    meaning: Meaning | None = None
    advice: str = ""
    outcome: Outcome = Outcome.REFUSED


TABLE = (
    # Authentication and rights
    Code(
        "CB_AU01",
        exceptions.AuthenticationError,
        advice="Give the connection a password or an API token.",
    ),
    Code("CB_JH01", exceptions.AuthenticationError),  # a session is sent without its header
    Code(
        "CB_OA01",
        exceptions.AuthenticationError,
        advice=(
            "The OAuth token has expired. Get a new one, or give connect() a function as its "
            "oauth_token, which is called for a new one."
        ),
    ),
    Code("CB_OA02", exceptions.PermissionDenied, advice="The OAuth client needs another scope."),
    Code(
        "CB_TW02",
        exceptions.AuthenticationError,
        advice="With two-factor authentication, use an API token or OAuth.",
    ),
    Code("CB_WA01", exceptions.AuthenticationError),  # the password is wrong
    Code("GAIA_DA03", exceptions.AuthenticationError, advice="Give an API token of each app."),
    Code(
        "GAIA_IA02",  # kintone does not know the token
        exceptions.AuthenticationError,
        advice="Use a token of this app, and deploy the app after generating the token.",
    ),
    Code(
        "CB_NO02",
        exceptions.PermissionDenied,
        meaning=Meaning.NO_RIGHT,
        advice="For an app outside guest spaces, do not set guest_space.",
    ),
    Code(
        "GAIA_NO01",  # the token lacks the right
        exceptions.PermissionDenied,
        meaning=Meaning.NO_RIGHT,
        advice="Select the right in the app's API token settings. Some APIs need a password.",
    ),
    Code("GAIA_BF02", exceptions.PermissionDenied),  # no right to write creators or times
    Code("GAIA_FU01", exceptions.PermissionDenied),  # no right to edit the field
    Code(
        "GAIA_IL23",
        exceptions.APIError,
        meaning=Meaning.IN_A_GUEST_SPACE,
        advice="Use connect(..., guest_space=<id of the space>).",
    ),
    # Missing things
    Code("GAIA_AP01", exceptions.NotFound, meaning=Meaning.APP_GONE),
    Code("GAIA_RE01", exceptions.NotFound, meaning=Meaning.RECORD_GONE),
    Code("GAIA_RE02", exceptions.NotFound),  # no such comment
    Code("GAIA_RE20", exceptions.NotFound),  # no record has the value of updateKey
    Code("GAIA_FC01", exceptions.NotFound),  # a form has no such field
    Code("GAIA_BL01", exceptions.AttachmentNotFound),
    Code("GAIA_CN01", exceptions.CursorExpired),
    Code("OC_NO0*", exceptions.NotFound),  # no such space or thread
    # Values
    Code("CB_VA01", exceptions.InvalidInput, meaning=Meaning.BAD_QUERY),
    Code("GAIA_LO04", exceptions.LookupSourceNotFound),
    Code("GAIA_UN10", exceptions.InvalidInput, on="write"),  # only kintone writes the field
    Code("GA_UO01", exceptions.InvalidInput, on="write"),  # the API cannot write categories
    Code(
        "GAIA_IQ27",
        exceptions.InvalidInput,
        on="write",
        advice="The app allows duplicates in the field. It cannot be unique=True or an update key.",
    ),
    Code(
        "GAIA_IQ28",
        exceptions.InvalidInput,
        on="write",
        advice="Two records of the request have the same key. Send one of them.",
    ),
    # Queries
    Code("GAIA_IL26", exceptions.QueryError, on="read", meaning=Meaning.UNKNOWN_PERSON),
    Code("GAIA_IL27", exceptions.QueryError, on="read", meaning=Meaning.UNKNOWN_PERSON),
    Code("GAIA_IL28", exceptions.QueryError, on="read", meaning=Meaning.UNKNOWN_PERSON),
    Code("GAIA_IL42", exceptions.QueryError, on="read", meaning=Meaning.UNKNOWN_PERSON),
    Code("GAIA_IL26", exceptions.InvalidInput, on="write", meaning=Meaning.UNKNOWN_PERSON),
    Code("GAIA_IL27", exceptions.InvalidInput, on="write", meaning=Meaning.UNKNOWN_PERSON),
    Code("GAIA_IL28", exceptions.InvalidInput, on="write", meaning=Meaning.UNKNOWN_PERSON),
    Code("GAIA_IL42", exceptions.InvalidInput, on="write", meaning=Meaning.UNKNOWN_PERSON),
    # A function has a wrong number of arguments, or the value of an order comparison is "".
    Code("GAIA_IL08", exceptions.QueryError),
    Code("GAIA_IQ*", exceptions.QueryError),
    Code("GAIA_IR*", exceptions.QueryError),
    Code("GAIA_IS*", exceptions.QueryError),
    Code("GAIA_QU*", exceptions.QueryError),
    # Outdated revisions, locks and limits: kintone did not carry out the request.
    Code("GAIA_CO02", exceptions.ConflictError, meaning=Meaning.LOST_RACE),  # a record's revision
    Code("GAIA_CO03", exceptions.ConflictError),  # the revision of an app's settings
    Code(
        "GAIA_DA02",  # a database lock
        exceptions.ServerBusy,
        meaning=Meaning.LOST_RACE,
        outcome=Outcome.LOCKED,
    ),
    Code("GAIA_LT01", exceptions.ServerBusy, outcome=Outcome.LOCKED),  # a database lock
    Code("GAIA_RE18", exceptions.ServerBusy, outcome=Outcome.LOCKED),  # a database lock
    Code("GAIA_UN03", exceptions.ServerBusy),  # a conflicting edit in kintone's pages
    Code(
        "GAIA_NO02",
        exceptions.ServerBusy,
        advice="The app is in maintenance mode. Wait; no right is missing.",
        outcome=Outcome.IN_MAINTENANCE,
    ),
    Code("GAIA_TO04", exceptions.RateLimited, outcome=Outcome.TOO_MANY),
    Code(
        "GAIA_TM12",
        exceptions.CursorLimitError,
        outcome=Outcome.NO_CURSOR_FREE,
        advice="Close cursors that are no longer read. Each one lives for ten minutes.",
    ),
    # Process management and comments
    Code("GAIA_IL03", exceptions.ActionNotAvailable),
    Code("GAIA_NT01", exceptions.NotAssignee),
    Code(
        "GAIA_SA01",
        exceptions.AssigneeRequired,
        advice="Pass assignee= with the login name of the person to assign.",
    ),
    Code("GAIA_SA04", exceptions.AssigneeNotTaken, advice="Leave out assignee=."),
    Code("GAIA_TO02", exceptions.WorkflowError),  # the status has only one assignee
    Code(
        "GAIA_ST02",
        exceptions.ProcessDisabled,
        advice="Switch process management on in the app's settings.",
    ),
    Code("GAIA_RE03", exceptions.NotCommentAuthor),
    Code("GAIA_RE12", exceptions.CommentsDisabled, advice="Allow comments in the app's settings."),
)
_FAMILIES = tuple(row for row in TABLE if row.code.endswith("*"))
_BY_CODE = {(row.code, row.on): row for row in TABLE if row not in _FAMILIES}


def code_of(code: str, *, reads: bool) -> Code | None:
    """Return the row for a code in the answer to a read or a write; None for an unknown code."""
    row = _BY_CODE.get((code, "read" if reads else "write")) or _BY_CODE.get((code, "any"))
    return row or next((row for row in _FAMILIES if code.startswith(row.code[:-1])), None)


def meaning_of(error: BaseException) -> Meaning | None:
    """Return the meaning of a refusal; None if the class of the exception tells the reason."""
    code = getattr(error, "code", "")
    row = code_of(code, reads=True) if isinstance(code, str) else None
    return None if row is None else row.meaning
