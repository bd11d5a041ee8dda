"""kintone's error codes: where each applies, and the error that it becomes.

kintone publishes no list of its codes, so these are the ones that people have seen. A code that is
not here is judged by its HTTP status. Nothing else in the package names a code: who has to tell one
refusal from another asks for its `Meaning`.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from kintone_orm import exceptions

if TYPE_CHECKING:
    from kintone_orm.exceptions import APIError

__all__ = ["TABLE", "Code", "Meaning", "code_of", "meaning_of"]


class Meaning(enum.Enum):
    """Refusals that a class of error alone does not tell apart."""

    RECORD_GONE = "there is no such record"
    APP_GONE = "there is no such app, or it was never put into service"
    IN_A_GUEST_SPACE = "the app is in a guest space, and was asked for outside"
    NO_RIGHT = "kintone itself says that these credentials may not do this"
    UNKNOWN_PERSON = "there is no such user, group or organization"
    LOST_RACE = "somebody else writes the same; of two with one revision, the slower one"
    BAD_QUERY = "the query cannot be parsed, if that is all that is wrong"


class Code(NamedTuple):
    """One row of the table: `on` is where the code applies, `advice` what kintone does not say."""

    code: str  # with "*" at its end: all that begin like that
    becomes: type[APIError]
    on: str = "any"  # or "read", "write"
    meaning: Meaning | None = None
    advice: str = ""


TABLE = (
    # Who asks, and what they may do
    Code(
        "CB_AU01",
        exceptions.AuthenticationError,
        advice="give the connection a password or an API token",
    ),
    Code("CB_JH01", exceptions.AuthenticationError),  # a session without its header
    Code("CB_OA01", exceptions.AuthenticationError, advice="the OAuth token has expired"),
    Code("CB_OA02", exceptions.PermissionDenied, advice="the OAuth client needs another scope"),
    Code(
        "CB_TW02",
        exceptions.AuthenticationError,
        advice="with two-factor authentication, use an API token or OAuth",
    ),
    Code("CB_WA01", exceptions.AuthenticationError),  # wrong password
    Code("GAIA_DA03", exceptions.AuthenticationError, advice="give one API token for each app"),
    Code(
        "GAIA_IA02",  # unknown token
        exceptions.AuthenticationError,
        advice="the app must be updated after the token was generated, and be the token's own",
    ),
    Code(
        "CB_NO02",
        exceptions.PermissionDenied,
        meaning=Meaning.NO_RIGHT,
        advice="for an app outside guest spaces, do not set guest_space",
    ),
    Code(
        "GAIA_NO01",  # a token without the right
        exceptions.PermissionDenied,
        meaning=Meaning.NO_RIGHT,
        advice="tick the right in the app's API token settings; a few APIs need a password",
    ),
    Code("GAIA_BF02", exceptions.PermissionDenied),  # writing who and when
    Code("GAIA_FU01", exceptions.PermissionDenied),  # field
    Code(
        "GAIA_IL23",
        exceptions.APIError,
        meaning=Meaning.IN_A_GUEST_SPACE,
        advice="connect(..., guest_space=<id of the space>)",
    ),
    # What there is not
    Code("GAIA_AP01", exceptions.NotFound, meaning=Meaning.APP_GONE),
    Code("GAIA_RE01", exceptions.NotFound, meaning=Meaning.RECORD_GONE),
    Code("GAIA_RE02", exceptions.NotFound),  # comment
    Code("GAIA_RE20", exceptions.NotFound),  # updateKey
    Code("GAIA_FC01", exceptions.NotFound),  # field, in the form's endpoints
    Code("GAIA_BL01", exceptions.AttachmentNotFound),
    Code("GAIA_CN01", exceptions.CursorExpired),
    Code("OC_NO0*", exceptions.NotFound),  # space, thread
    # Values
    Code("CB_VA01", exceptions.InvalidInput, meaning=Meaning.BAD_QUERY),
    Code("GAIA_LO04", exceptions.LookupSourceNotFound),
    Code("GAIA_UN10", exceptions.InvalidInput, on="write"),  # a field that kintone writes itself
    Code("GA_UO01", exceptions.InvalidInput, on="write"),  # categories
    Code(
        "GAIA_IQ27",
        exceptions.InvalidInput,
        on="write",
        advice="the app allows duplicates in the field: it is no unique=True, and no update key",
    ),
    Code(
        "GAIA_IQ28",
        exceptions.InvalidInput,
        on="write",
        advice="two records of the request have the same key: write one of them",
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
    Code("GAIA_IL08", exceptions.QueryError),  # number of arguments, order compared with ""
    Code("GAIA_IQ*", exceptions.QueryError),
    Code("GAIA_IR*", exceptions.QueryError),
    Code("GAIA_IS*", exceptions.QueryError),
    Code("GAIA_QU*", exceptions.QueryError),
    # Revisions, locks, limits: nothing was done
    Code("GAIA_CO02", exceptions.ConflictError, meaning=Meaning.LOST_RACE),  # record
    Code("GAIA_CO03", exceptions.ConflictError),  # settings
    Code("GAIA_DA02", exceptions.ServerBusy, meaning=Meaning.LOST_RACE),  # database lock
    Code("GAIA_LT01", exceptions.ServerBusy),  # database lock
    Code("GAIA_RE18", exceptions.ServerBusy),  # database lock
    Code("GAIA_UN03", exceptions.ServerBusy),  # somebody edits it at the same time
    Code(
        "GAIA_NO02",
        exceptions.ServerBusy,
        advice="the app is in maintenance mode: wait, no right is missing",
    ),
    Code("GAIA_TO04", exceptions.RateLimited),
    Code(
        "GAIA_TM12",
        exceptions.CursorLimitError,
        advice="close the cursors that are no longer read; each lives for ten minutes",
    ),
    # Process management and comments
    Code("GAIA_IL03", exceptions.ActionNotAvailable),
    Code("GAIA_NT01", exceptions.NotAssignee),
    Code(
        "GAIA_SA01",
        exceptions.AssigneeRequired,
        advice="give the login name of one of them: assignee=",
    ),
    Code("GAIA_SA04", exceptions.AssigneeNotTaken, advice="leave out assignee="),
    Code("GAIA_TO02", exceptions.WorkflowError),  # several assignees where there may be one
    Code(
        "GAIA_ST02",
        exceptions.ProcessDisabled,
        advice="switch process management on in the app's settings",
    ),
    Code("GAIA_RE03", exceptions.NotCommentAuthor),
    Code("GAIA_RE12", exceptions.CommentsDisabled, advice="allow comments in the app's settings"),
)
_FAMILIES = tuple(row for row in TABLE if row.code.endswith("*"))
_BY_CODE = {(row.code, row.on): row for row in TABLE if row not in _FAMILIES}


def code_of(code: str, *, reads: bool) -> Code | None:
    """The row for a code that answered a read or a write; None if nobody has seen it."""
    found = _BY_CODE.get((code, "read" if reads else "write")) or _BY_CODE.get((code, "any"))
    return found or next((row for row in _FAMILIES if code.startswith(row.code[:-1])), None)


def meaning_of(error: BaseException) -> Meaning | None:
    """The refusal's meaning besides its class; None if its class says it all."""
    code = getattr(error, "code", "")
    row = code_of(code, reads=True) if isinstance(code, str) else None
    return None if row is None else row.meaning
