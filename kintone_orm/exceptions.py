"""Every error kintone_orm raises, by meaning.

::

    KintoneORMError
    ├─ ImproperlyConfigured        a connection, or a model's Meta, lacks something or is wrong
    ├─ NotSupportedError           kintone cannot do it exactly; says what to write instead
    ├─ FieldError                  a filter, order or update names something that does not fit
    │  ├─ FieldDoesNotExist        no such field on the model
    │  └─ FieldFetchBlocked        what is not there may not be fetched: FETCH_RAISE, schemas
    ├─ ValidationError             values that must not be saved; also a marshmallow.ValidationError
    │  └─ UniqueViolation          the value is taken by another record
    ├─ ObjectDoesNotExist          no record: each model has its own Model.DoesNotExist
    ├─ MultipleObjectsReturned     more than one record: Model.MultipleObjectsReturned
    ├─ DecodeError                 one attribute of one record could not be read
    ├─ BulkWriteError              a write of many records failed: which are written, which are not
    ├─ DeployError                 kintone refused to deploy an app
    └─ APIError                    kintone answered with an error, or not at all
       ├─ InvalidInput             400 CB_VA01: parameters or values were refused
       ├─ QueryError               400: the query was refused
       ├─ LookupSourceNotFound     400 GAIA_LO04: no record has the lookup's key
       ├─ AuthenticationError      401, or an API token kintone does not know
       ├─ PermissionDenied         403
       │  └─ NotCommentAuthor      GAIA_RE03: somebody else wrote the comment
       ├─ CommentsDisabled         400 GAIA_RE12: the app has no comments
       ├─ WorkflowError            an action, or who is to work on a record, was refused
       │  ├─ ActionNotAvailable    400 GAIA_IL03: the record's state has no such action
       │  ├─ NotAssignee           GAIA_NT01: others work on the record; also a PermissionDenied
       │  ├─ AssigneeRequired      GAIA_SA01: the next state wants one assignee to be chosen
       │  ├─ AssigneeNotTaken      GAIA_SA04: the action lets nobody be chosen
       │  └─ ProcessDisabled       400 GAIA_ST02: process management is off
       ├─ NotFound                 404: no such app, record or comment
       │  ├─ AttachmentNotFound    404 GAIA_BL01: no file has this key
       │  └─ CursorExpired         404 GAIA_CN01: the cursor is gone
       ├─ ConflictError            409: the revision is not the latest; Model.Conflict
       ├─ RateLimited              429: too many requests at once
       │  └─ CursorLimitError      429 GAIA_TM12: ten cursors are open in the domain
       ├─ ServerBusy               a lock (GAIA_DA02), maintenance (GAIA_NO02), or 5xx: down for now
       └─ TransportError           no answer, or one that is not kintone's
"""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import marshmallow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "APIError",
    "ActionNotAvailable",
    "AssigneeNotTaken",
    "AssigneeRequired",
    "AttachmentNotFound",
    "AuthenticationError",
    "BulkWriteError",
    "CommentsDisabled",
    "ConflictError",
    "CursorExpired",
    "CursorLimitError",
    "DecodeError",
    "DeployError",
    "FieldDoesNotExist",
    "FieldError",
    "FieldFetchBlocked",
    "ImproperlyConfigured",
    "InvalidInput",
    "KintoneORMError",
    "LookupSourceNotFound",
    "MultipleObjectsReturned",
    "NotAssignee",
    "NotCommentAuthor",
    "NotFound",
    "NotSupportedError",
    "ObjectDoesNotExist",
    "PermissionDenied",
    "ProcessDisabled",
    "QueryError",
    "RateLimited",
    "ServerBusy",
    "TransportError",
    "UniqueViolation",
    "ValidationError",
    "WorkflowError",
]


class KintoneORMError(Exception):
    """The base of every error that kintone_orm raises on purpose."""


class ImproperlyConfigured(KintoneORMError):
    """A connection, an app or a model's Meta is missing something or contradicts itself."""


class NotSupportedError(KintoneORMError, NotImplementedError):
    """kintone cannot do this exactly; the message names what to write instead."""


class FieldError(KintoneORMError, TypeError):
    """A filter, an order or an update does not fit the model's fields."""


class FieldDoesNotExist(FieldError):
    """The model has no field of that name."""


class FieldFetchBlocked(FieldError):
    """A related record or a deferred field is not there, and may not be fetched.

    `FETCH_RAISE` forbids it, and so does a schema, whose `dump` sends nothing.
    """


class ValidationError(KintoneORMError, marshmallow.ValidationError):
    """Values that must not be saved, as a mapping of our field names to messages.

    `errors` is ``{"lines[2].qty": ["Required."]}``; `messages` is the same, under marshmallow's
    name. What concerns the record as a whole is under ``""``. A `clean()` may raise it with one
    text, or with a mapping of names to a text or to several.
    """

    def __init__(self, errors: str | Mapping[str, str | Sequence[str]], *, where: str = "") -> None:
        by_name = {"": errors} if isinstance(errors, str) else errors
        self.errors: dict[str, list[str]] = {
            name: [texts] if isinstance(texts, str) else list(texts)
            for name, texts in by_name.items()
        }
        self.where = where
        marshmallow.ValidationError.__init__(self, dict(self.errors))

    def normalized_messages(self) -> dict[str, Any]:
        """The messages in the shape of a schema's JSON: ``{"lines": {"2": {"qty": [...]}}}``.

        What concerns the record as a whole is under ``"_schema"``.
        """
        tree: dict[str, Any] = {}
        for name, texts in cast("dict[str, list[str]]", self.messages).items():
            place = tree
            for step in _STEPS.findall(name):
                place = place.setdefault(step, {})
            place["_schema"] = list(texts)
        return _without_lonely_names(tree)

    def __str__(self) -> str:
        listed = "; ".join(
            f"{name}: {' '.join(texts)}" if name else " ".join(texts)
            for name, texts in self.errors.items()
        )
        return f"{self.where}: {listed}" if self.where else listed

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild_validation_error, (type(self), self.errors, self.where))


_STEPS = re.compile(r"[^.\[\]]+")  # "lines[2].qty" is lines, 2, qty


def _without_lonely_names(tree: dict[str, Any]) -> dict[str, Any]:
    """Messages stand at their place itself, unless places inside have messages, too."""
    return {
        step: inner
        if isinstance(inner, list)
        else inner["_schema"]
        if list(inner) == ["_schema"]
        else _without_lonely_names(inner)
        for step, inner in tree.items()
    }


def _rebuild_validation_error(
    cls: type[ValidationError], errors: dict[str, list[str]], where: str
) -> ValidationError:
    return cls(errors, where=where)


class UniqueViolation(ValidationError):
    """Another record already has this value in a field that prohibits duplicates.

    kintone says so in the user's own language alone, so it was asked by the value: `taken_by` has
    the records that were found, by our field name, as instances of the model (a pickle has none).
    """

    taken_by: Mapping[str, Any] = MappingProxyType({})


class ObjectDoesNotExist(KintoneORMError, LookupError):
    """No record matches; `Model.DoesNotExist` is the one to catch for one model."""


class MultipleObjectsReturned(KintoneORMError):
    """More than one record matches where exactly one was asked for."""


class DecodeError(KintoneORMError, ValueError):
    """One attribute of one record holds something its field cannot read.

    The rest of the record, and of its page, is fine: the error is raised when the attribute is
    read, never when the page arrives. `from_record` and `from_webhook` raise it at once for what
    is no record, or no payload of the model's app.
    """


class BulkWriteError(KintoneORMError):
    """A write of many records failed; which of them are written is known as far as it can be.

    `done` are the objects that are saved; `failed` those that were sent, refused, and are not
    saved; `unknown` those whose answer was lost, so that they may be saved or not; `pending` those
    not sent. Each is in the order given; of an `update` or a `delete` the objects are ids. `errors`
    has the refusal's messages by ``(index into the objects given, field name)``, where it says or
    lets see which they are.

    If nothing is saved for sure, the error is one of the refusal's own class as well: a
    UniqueViolation, the model's Conflict or DoesNotExist, a PermissionDenied ... If some are saved,
    or may be, it is this class alone. ``__cause__`` is the refusal.

    Mend `failed` and send ``err.failed + err.pending`` again. Look first which of `unknown` are
    there: sent again unseen, they would be added twice.
    """

    def __init__(
        self,
        message: str,
        *,
        done: Sequence[Any] = (),
        failed: Sequence[Any] = (),
        pending: Sequence[Any] = (),
        unknown: Sequence[Any] = (),
        errors: Mapping[tuple[int, str], Sequence[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self._tell(done, failed, pending, unknown, errors or {})

    def _tell(
        self,
        done: Sequence[Any],
        failed: Sequence[Any],
        pending: Sequence[Any],
        unknown: Sequence[Any],
        errors: Mapping[tuple[int, str], Sequence[str]],
    ) -> None:
        self.done = list(done)
        self.failed = list(failed)
        self.pending = list(pending)
        self.unknown = list(unknown)
        self.errors = {key: list(texts) for key, texts in errors.items()}

    @classmethod
    def like(
        cls,
        refusal: KintoneORMError,
        message: str,
        *,
        failed: Sequence[Any],
        pending: Sequence[Any],
        errors: Mapping[tuple[int, str], Sequence[str]],
    ) -> BulkWriteError:
        """One that is of the class of `refusal` as well, and knows what that knows."""
        raised = _of_both(type(refusal), message, vars(refusal))
        raised._tell((), failed, pending, (), errors)
        return raised


class _RefusedWhole(BulkWriteError):
    """The part of such an error that is a BulkWriteError's, whatever its other class."""

    _kind: type[KintoneORMError]

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> tuple[Any, ...]:
        return _of_both, (self._kind, self.args[0], vars(self))


@cache
def _class_of_both(kind: Any) -> Any:
    told = {"__doc__": kind.__doc__, "__module__": kind.__module__, "_kind": kind}
    return type(kind.__name__, (_RefusedWhole, kind), told | {"__qualname__": kind.__qualname__})


def _of_both(kind: type[KintoneORMError], message: str, known: Mapping[str, Any]) -> BulkWriteError:
    """An error of `kind` that is a BulkWriteError, with the attributes `known`."""
    both = _class_of_both(cast("Any", kind))
    raised: BulkWriteError = both.__new__(both, message)
    raised.args = (message,)
    vars(raised).update(known)
    return raised


class DeployError(KintoneORMError):
    """kintone did not put an app's settings into service."""


class APIError(KintoneORMError):
    """kintone answered with an error.

    `status` is the HTTP status (0: no answer), `code` kintone's code such as ``GAIA_RE01``, `id`
    the error id that kintone's support asks for, `message` kintone's text and, for some codes,
    our advice, `errors` its messages by parameter path, `method` and `path` the request's. For a
    request inside a bulkRequest, `index` is its position.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        code: str = "",
        id: str = "",  # noqa: A002 - kintone's own name for it
        errors: Mapping[str, Sequence[str]] | None = None,
        method: str = "",
        path: str = "",
        index: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.id = id
        self.errors = {key: list(texts) for key, texts in (errors or {}).items()}
        self.method = method
        self.path = path
        self.index = index

    def __str__(self) -> str:
        inner = "" if self.index is None else f", request {self.index} of the bulkRequest"
        where = f" ({self.method} {self.path}{inner})" if self.path else ""
        code = f" [{self.status} {self.code}]".replace(" ]", "]") if self.status else ""
        id_ = f" id={self.id}" if self.id else ""
        details = "".join(f"; {key}: {' '.join(texts)}" for key, texts in self.errors.items())
        return f"{self.message}{code}{where}{details}{id_}"


class InvalidInput(APIError):
    """kintone refused a parameter or a value (400 CB_VA01); `errors` says which and why.

    GAIA_IL26, 27, 28 and 42: a value names a user, a group or an organization that does not exist.
    """


class QueryError(APIError):
    """kintone refused the query (400 GAIA_IQ.., GAIA_QU.., GAIA_IS.., GAIA_IR.., GAIA_IL..).

    GAIA_IL26, 27, 28 and 42: it names a user, a group or an organization that does not exist.
    """


class LookupSourceNotFound(APIError):
    """No record of the source app has the lookup's key, or it may not be seen (GAIA_LO04).

    The message says which field, and of a table which row, holds the key; `places` has kintone's
    messages by our field names, such as "lines[2].item", or of a write of many "[150].item".
    """

    places: Mapping[str, Sequence[str]] = MappingProxyType({})


class AuthenticationError(APIError):
    """kintone does not accept the credentials (401, or 400 GAIA_IA02 for an API token)."""


class PermissionDenied(APIError):
    """The credentials are fine, but not allowed to do this (403)."""


class NotCommentAuthor(PermissionDenied):
    """Only who wrote a comment can delete it, and that was somebody else (GAIA_RE03)."""


class CommentsDisabled(APIError):
    """The app's settings have comments switched off (GAIA_RE12)."""


class WorkflowError(APIError):
    """kintone refused to take a record to another state, or to hand it to somebody.

    Raised by a model's record, `state` is the state that it is in, and `actions` are the names of
    those that lead out of it; they are empty where they could not be found out, and where the
    refusal was about many records.
    """

    state: str = ""
    actions: tuple[str, ...] = ()


class ActionNotAvailable(WorkflowError):
    """The record's state has no such action, or its condition is not met (GAIA_IL03)."""


class NotAssignee(WorkflowError, PermissionDenied):
    """Others work on the record now, so only they can take it on (GAIA_NT01)."""


class AssigneeRequired(WorkflowError):
    """The state that the action leads to has one assignee, who must be chosen (GAIA_SA01)."""


class AssigneeNotTaken(WorkflowError):
    """An assignee was chosen, and the state that the action leads to lets none be (GAIA_SA04)."""


class ProcessDisabled(WorkflowError):
    """Process management is switched off in the app (GAIA_ST02)."""


class NotFound(APIError, LookupError):
    """No such app, record, file, or comment (404)."""


class AttachmentNotFound(NotFound):
    """No file has the key: it was removed, or an upload was used up or left for three days."""


class CursorExpired(NotFound):
    """The cursor was read to its end, deleted, or left alone for ten minutes (GAIA_CN01)."""


class ConflictError(APIError):
    """The revision sent is not the latest: somebody else wrote in between (409)."""


class RateLimited(APIError):
    """Too many requests are under way in the domain (429)."""


class CursorLimitError(RateLimited):
    """Ten cursors are open in the domain already (429 GAIA_TM12)."""


class ServerBusy(APIError):
    """kintone cannot serve this now: a lock, maintenance, or an outage.

    With a `code` nothing was done: of two writers who send one revision at the same time, the
    slower one may be told GAIA_DA02 instead of a Conflict. Read again, and write again.
    """


class TransportError(APIError):
    """No answer came, or one that is not kintone's; `__cause__` says what went wrong."""
