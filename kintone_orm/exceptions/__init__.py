"""All errors that kintone_orm raises, by meaning.

::

    KintoneORMError
    ├─ ImproperlyConfigured        a connection or a model's Meta is incomplete or contradictory
    ├─ NotSupportedError           kintone cannot do this exactly; the message names an alternative
    ├─ FieldError                  a filter, an order or an update does not fit the model's fields
    │  ├─ FieldDoesNotExist        the model has no such field
    │  └─ FieldFetchBlocked        reading the value needs a request, which is forbidden here
    ├─ ValidationError             values that must not be saved; also a marshmallow.ValidationError
    │  └─ UniqueViolation          another record already has the value
    ├─ ObjectDoesNotExist          no record matches; Model.DoesNotExist for one model
    ├─ MultipleObjectsReturned     more than one record matches; Model.MultipleObjectsReturned
    ├─ DecodeError                 a field cannot read the stored value
    ├─ BulkWriteError              a write of many records failed; lists the records by outcome
    ├─ DailyBudgetExceeded         the app's requests of today are used up (`daily_budget`)
    ├─ DeployError                 an app was not deployed
    └─ APIError                    kintone answered with an error, or did not answer
       ├─ InvalidInput             400 CB_VA01: kintone refused a parameter or a value
       ├─ QueryError               400: kintone refused the query
       ├─ LookupSourceNotFound     400 GAIA_LO04: no source record has the lookup's key
       ├─ AuthenticationError      401, or an unknown API token
       ├─ PermissionDenied         403: the user or the token lacks a right
       │  └─ NotCommentAuthor      GAIA_RE03: somebody else wrote the comment
       ├─ CommentsDisabled         400 GAIA_RE12: the app has no comments
       ├─ WorkflowError            kintone refused an action or an assignee
       │  ├─ ActionNotAvailable    400 GAIA_IL03: the record's status has no such action
       │  ├─ NotAssignee           GAIA_NT01: the record is assigned to others; a PermissionDenied
       │  ├─ AssigneeRequired      GAIA_SA01: the next status needs one assignee to be chosen
       │  ├─ AssigneeNotTaken      GAIA_SA04: the next status takes no chosen assignee
       │  └─ ProcessDisabled       400 GAIA_ST02: process management is off
       ├─ NotFound                 404: there is no such app, record or comment
       │  ├─ AttachmentNotFound    404 GAIA_BL01: no file has this key
       │  └─ CursorExpired         404 GAIA_CN01: the cursor no longer exists
       ├─ ConflictError            409: the revision sent is not the stored one; Model.Conflict
       ├─ RateLimited              429: too many requests at once
       │  └─ CursorLimitError      429 GAIA_TM12: ten cursors are open in the domain
       ├─ ServerBusy               a lock, maintenance (GAIA_NO02) or an outage (5xx)
       └─ TransportError           no answer, or an answer that is not kintone's
"""

from __future__ import annotations

from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from kintone_orm.deprecation import RenamedAttribute
from kintone_orm.exceptions.root import KintoneORMError
from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from kintone_orm.exceptions.validation import UniqueViolation, ValidationError
    from kintone_orm.outcomes import Outcome

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
    "DailyBudgetExceeded",
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


# These are also errors of marshmallow, which would be a quarter of the imports of a program that
# only reads records. Modules of the package use them as `exceptions.ValidationError`.
_ALSO_MARSHMALLOWS = ("ValidationError", "UniqueViolation", "_rebuild_validation_error")

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _ALSO_MARSHMALLOWS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from kintone_orm.exceptions import validation

        return globals().setdefault(name, getattr(validation, name))

    def __dir__() -> list[str]:
        return [*globals(), *_ALSO_MARSHMALLOWS]


class ImproperlyConfigured(KintoneORMError):
    """A connection, an app or a model's Meta lacks a setting or contradicts itself.

    The message names the setting and where to give it.
    """


class NotSupportedError(KintoneORMError, NotImplementedError):
    """kintone cannot do exactly what the call asks for. The message names an alternative."""


class FieldError(KintoneORMError, TypeError):
    """A filter, an order, a value or an update does not fit the model's fields.

    The wrong call itself raises the error, before any request. The message lists what the field
    supports.
    """


class FieldDoesNotExist(FieldError):
    """The model, or its app, has no field of that name. The message lists similar names."""


class FieldFetchBlocked(FieldError):
    """Reading a related record or a deferred field needs a request, which is forbidden here.

    `FETCH_RAISE` forbids the request, and so does a schema, which sends no request while it dumps.
    Name the field or the relation where the queryset is made: `only`, `select_related`,
    `prefetch_related`.
    """


class ObjectDoesNotExist(KintoneORMError, LookupError):
    """No record matches. Catch `Model.DoesNotExist` for one model."""


class MultipleObjectsReturned(KintoneORMError):
    """More than one record matches where one is expected. Narrow the filter."""


class DecodeError(KintoneORMError, ValueError):
    """A field cannot read the stored value of one record.

    The error is raised when the attribute is read, not when the page arrives: the rest of the
    record and of the page stays readable. `from_record` and `from_webhook` raise the error at once
    for data that is not a record, or not a payload of the model's app. Compare the model with the
    app's form.
    """


class BulkWriteError(KintoneORMError):
    """A write of many records failed. Every object is in one of four lists.

    - `done`: saved.
    - `failed`: sent and refused; not saved. After the lost answer to a deletion: still stored.
    - `unknown`: sent, but the answer was lost. The object may be saved or not.
    - `pending`: not sent.

    The lists keep the order of the argument. For `update` and `delete` the lists hold ids. `errors`
    maps ``(index in the argument, attribute name)`` to the refusal's messages, if kintone names the
    record and the field. ``__cause__`` is the refusal. `carried_out` is UNKNOWN if there are
    `unknown` objects, or if a deletion may still arrive; otherwise YES if there are `done` ones,
    otherwise NO.

    If no object is saved or `unknown`, the error also has the class of the refusal:
    UniqueViolation, the model's Conflict or DoesNotExist, PermissionDenied and so on.

    Correct `failed`, then send ``err.failed + err.pending`` again. Before that, look up the
    `unknown` objects: a saved object that is sent again is added twice.
    """

    def __init__(
        self,
        message: str,
        *,
        done: Sequence[object] = (),
        failed: Sequence[object] = (),
        pending: Sequence[object] = (),
        unknown: Sequence[object] = (),
        errors: Mapping[tuple[int, str], Sequence[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.done: list[Any] = list(done)
        self.failed: list[Any] = list(failed)
        self.pending: list[Any] = list(pending)
        self.unknown: list[Any] = list(unknown)
        self.errors = {key: list(texts) for key, texts in (errors or {}).items()}
        self.carried_out = self._of_lists()

    def _of_lists(self) -> CarriedOut:
        if self.unknown:
            return CarriedOut.UNKNOWN
        return CarriedOut.YES if self.done else CarriedOut.NO

    def __setstate__(self, state: dict[str, Any] | None, /) -> None:
        super().__setstate__(state)
        if "carried_out" not in (state or {}):  # a pickle of an earlier version
            self.carried_out = self._of_lists()

    @classmethod
    def like(
        cls,
        refusal: KintoneORMError,
        message: str,
        *,
        failed: Sequence[object],
        pending: Sequence[object],
        errors: Mapping[tuple[int, str], Sequence[str]],
    ) -> BulkWriteError:
        """Return an error that also has the class and the attributes of `refusal`."""
        lists = BulkWriteError(message, failed=failed, pending=pending, errors=errors)
        return _combine(type(refusal), message, {**vars(refusal), **vars(lists)})


class _CombinedError(BulkWriteError):
    """The base of the classes that are a BulkWriteError and a refusal's class at once.

    These classes are made when they are needed, so that a pickle cannot name them. A pickle holds
    the refusal's class instead.
    """

    _refusal_class: type[KintoneORMError]

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> tuple[object, ...]:
        return _combine, (self._refusal_class, self.args[0], vars(self))


@cache
def _combined_class(refusal_class: Any) -> Any:
    namespace = {
        "__doc__": refusal_class.__doc__,
        "__module__": refusal_class.__module__,
        "__qualname__": refusal_class.__qualname__,
        "_refusal_class": refusal_class,
    }
    return type(refusal_class.__name__, (_CombinedError, refusal_class), namespace)


def _combine(
    refusal_class: type[KintoneORMError], message: str, attributes: Mapping[str, object]
) -> BulkWriteError:
    """Return an error that is a BulkWriteError and a `refusal_class`, with these attributes.

    The constructors are skipped, because those of the two classes differ.
    """
    combined = _combined_class(cast("Any", refusal_class))
    error: BulkWriteError = combined.__new__(combined, message)
    error.args = (message,)
    for name, value in attributes.items():
        setattr(error, name, value)  # an old name in a pickle sets the renamed attribute
    return error


_of_both = _combine  # the name in pickles of earlier versions


class DailyBudgetExceeded(KintoneORMError):
    """An app has no requests left in the connection's `daily_budget`. The request was not sent.

    - `app`: the id of the app.
    - `used`: the requests that the app got today.
    - `budget`: the requests that it may get a day.
    - `ends`: the end of the day, an aware datetime in UTC. It is 09:00 in Japan.
    """

    def __init__(
        self, message: str, *, app: int, used: int, budget: int, ends: dt.datetime
    ) -> None:
        super().__init__(message)
        self.app = app
        self.used = used
        self.budget = budget
        self.ends = ends

    def __reduce__(self) -> tuple[object, ...]:
        rebuild = partial(
            type(self), app=self.app, used=self.used, budget=self.budget, ends=self.ends
        )
        return (rebuild, self.args, vars(self))


class DeployError(KintoneORMError):
    """kintone did not deploy an app, or `deploy` found a contradiction before it changed an app.

    The message names the model, the app and what to change. Then deploy again. `carried_out`, of
    every error that `deploy` raises, says whether this call has changed anything.
    """


class APIError(KintoneORMError):
    """kintone answered with an error, or did not answer. Each subclass stands for a reason.

    - `status`: the HTTP status; 0 if there was no answer.
    - `code`: kintone's code, such as ``GAIA_RE01``.
    - `id`: the error id, which kintone's support asks for.
    - `message`: kintone's text, followed for some codes by our advice.
    - `errors`: kintone's messages by the path of the parameter.
    - `method` and `path`: the HTTP method and the path of the request.
    - `index`: the position of the refused request inside a bulkRequest, otherwise None.
    - `outcome`: the row of the retry table, or None if the error was not made from an answer.
    - `retry_after`: the seconds that the server asks to wait, otherwise None.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        code: str = "",
        id: str = "",  # noqa: A002 - kintone's name
        errors: Mapping[str, Sequence[str]] | None = None,
        method: str = "",
        path: str = "",
        index: int | None = None,
        outcome: Outcome | None = None,
        carried_out: CarriedOut | None = None,
        retry_after: float | None = None,
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
        self.outcome = outcome
        self.carried_out = self._presumed() if carried_out is None else carried_out
        self.retry_after = retry_after

    def _presumed(self) -> CarriedOut:
        """Return `carried_out` for an error that was made without it, such as one of a wrapper."""
        may_be = isinstance(self, (ServerBusy, TransportError)) and not self.code
        writes = self.method != "GET" and not self.path.endswith("/file.json")
        return CarriedOut.UNKNOWN if may_be and writes else CarriedOut.NO

    def __setstate__(self, state: dict[str, Any] | None, /) -> None:
        super().__setstate__(state)
        if "carried_out" not in (state or {}):  # a pickle of an earlier version
            self.carried_out = self._presumed()

    def __str__(self) -> str:
        inner = "" if self.index is None else f", request {self.index} of the bulkRequest"
        where = f" ({self.method} {self.path}{inner})" if self.path else ""
        code = f" [{self.status} {self.code}]".replace(" ]", "]") if self.status else ""
        id_ = f" id={self.id}" if self.id else ""
        details = "".join(f"; {key}: {' '.join(texts)}" for key, texts in self.errors.items())
        return f"{self.message}{code}{where}{details}{id_}"


class InvalidInput(APIError):
    """kintone refused a parameter or a value (400 CB_VA01).

    The codes GAIA_IL26, 27, 28 and 42 are included: a value names a user, a group or an
    organization that does not exist. `errors` names the parameter. A model's save raises a
    ValidationError instead.
    """


class QueryError(APIError):
    """kintone refused the query (400 GAIA_IQ.., GAIA_QU.., GAIA_IS.., GAIA_IR.., GAIA_IL..).

    With the codes GAIA_IL26, 27, 28 and 42, the query names a user, a group or an organization that
    does not exist. ``print(queryset.query)`` shows the query.
    """


class LookupSourceNotFound(APIError):
    """No record of the source app has the lookup's key, or you may not see it (GAIA_LO04).

    The message names the field and, in a subtable, the row. `places` maps attribute names such as
    "lines[2].item" to kintone's messages; in a write of many records, names such as "[150].item".
    Create the source record first, or add the API token of the source app.
    """

    places: Mapping[str, Sequence[str]] = MappingProxyType({})


class AuthenticationError(APIError):
    """kintone does not accept the credentials (401, or 400 GAIA_IA02 for an API token).

    Check the connection's credentials.
    """


class PermissionDenied(APIError):
    """The credentials are valid, but lack the right for this request (403).

    Grant the right in the app's settings, or use other credentials.
    """


class NotCommentAuthor(PermissionDenied):
    """Only the author of a comment can delete it, and somebody else wrote this one (GAIA_RE03).

    Use a connection with the login of the comment's `creator`.
    """


class CommentsDisabled(APIError):
    """The app has no comments (GAIA_RE12). Allow them in the app's settings."""


class WorkflowError(APIError):
    """kintone refused to run an action on a record or to assign it.

    If a method of a record raised the error, `record_status` is the record's status, and `actions`
    are the names of the actions that the status has. If many records were sent, both attributes are
    set only if all records of the refused hundred have one status. Both attributes are empty if
    the status or the process could not be read. (`status` is the HTTP status, as in any APIError.)
    """

    record_status: str = ""
    state = RenamedAttribute[str]("record_status")
    actions: tuple[str, ...] = ()


class ActionNotAvailable(WorkflowError):
    """The record's status has no such action, or the action's condition is not met (GAIA_IL03).

    Run one of `actions`.
    """


class NotAssignee(WorkflowError, PermissionDenied):
    """The record is assigned to others, and only they can run an action on it (GAIA_NT01).

    Use a connection with the login of an assignee.
    """


class AssigneeRequired(WorkflowError):
    """The action leads to a status with one chosen assignee (GAIA_SA01). Pass `assignee`."""


class AssigneeNotTaken(WorkflowError):
    """The action leads to a status without a chosen assignee (GAIA_SA04). Omit `assignee`."""


class ProcessDisabled(WorkflowError):
    """Process management is off (GAIA_ST02). Switch it on in the app's settings."""


class NotFound(APIError, LookupError):
    """There is no such app, record, file or comment (404). The message names it."""


class AttachmentNotFound(NotFound):
    """No file has this key (GAIA_BL01).

    The attachment was removed, or the upload was used already or is older than three days. Read the
    record again, or upload the file again.
    """


class CursorExpired(NotFound):
    """The cursor was read to its end, deleted, or unused for ten minutes (GAIA_CN01).

    Create a new cursor.
    """


class ConflictError(APIError):
    """The revision sent is not the stored one: somebody else wrote in between (409).

    Catch `Model.Conflict` for one model. Read the record again, apply the change, and save.
    """


class RateLimited(APIError):
    """Too many requests run at once in the domain (429).

    kintone did not carry out this request. Wait, then send it again.
    """


class CursorLimitError(RateLimited):
    """Ten cursors are open in the domain already (429 GAIA_TM12). Close unused cursors."""


class ServerBusy(APIError):
    """kintone cannot serve the request now: a lock, maintenance or an outage.

    With a `code`, kintone did not carry the request out: send it again later. If two programs send
    one revision at the same moment, the slower one may get GAIA_DA02 instead of a ConflictError.
    Without a `code`, a write may have been carried out: `carried_out` is UNKNOWN. Read before you
    send it again.
    """


class TransportError(APIError):
    """No answer arrived, or the answer is not kintone's. ``__cause__`` is the network's error.

    If `carried_out` is UNKNOWN, read before you send a write again.
    """
