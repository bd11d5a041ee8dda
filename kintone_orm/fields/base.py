"""Field: the base class of all field types, and the methods that each type implements.

A field is a descriptor: on an instance it gives the value, on the model the field itself. A value
has three forms: the Python value, the wire value and the literal in a query. `to_python` reads wire
values, `to_api` writes them, and `to_literal` writes literals.
"""

from __future__ import annotations

import copy
import enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypedDict, overload

from kintone_orm.deprecation import RenamedHook, adopt_old_hooks
from kintone_orm.exceptions import FieldError, ImproperlyConfigured
from kintone_orm.fields.declaring.defaults import check_default, refuse_default
from kintone_orm.fields.declaring.naming import checked_code
from kintone_orm.fields.declaring.refused_options import refuse_options
from kintone_orm.fields.declaring.validators import checked_validators, validator_problems
from kintone_orm.query.functions import Function
from kintone_orm.query.literals import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import tzinfo
    from typing import NoReturn

    from typing_extensions import Self, TypeVar

    from kintone_orm.fields.declaring.bounds import Bounds
    from kintone_orm.fields.declaring.validators import Validator
    from kintone_orm.query.comparable import Reference, Zone

    V = TypeVar("V", default=Any)  # the type of the value that reading the attribute gives
    I = TypeVar("I", default=Any)  # noqa: E741 - the type that can be assigned to the attribute
    T = TypeVar("T")
else:
    from typing import TypeVar

    T = TypeVar("T")
    V = TypeVar("V")
    I = TypeVar("I")  # noqa: E741

__all__ = ["UNREADABLE", "UNSET", "Field", "FieldOptions", "Unset", "is_missing", "is_nothing"]


class Unset(enum.Enum):
    """The type of `UNSET`."""

    UNSET = "UNSET"


UNSET = Unset.UNSET
"""The sign of a missing value, where None can be a value."""


UNREADABLE = (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError)
"""The errors that reading a malformed value can raise; Decimal raises an ArithmeticError."""


def is_nothing(value: object) -> bool:
    """Return True for the inputs that mean a blank: None and ""."""
    return value is None or (isinstance(value, str) and not value)


def is_missing(value: object) -> bool:
    """Return True for NaN, NaT and NA, the missing values of floats, Decimal and pandas."""
    try:
        return bool(value != value)
    except ArithmeticError:  # every comparison with a signaling NaN fails
        return True
    except (TypeError, ValueError):  # bool() of NA or an array fails
        return type(value).__name__ == "NAType"


class FieldOptions(TypedDict, total=False):
    """The keyword arguments that every writable field takes."""

    verbose_name: str
    unique: bool
    default: Any
    validators: Sequence[Validator]


class _CheckOperand(RenamedHook[T]):
    """The old `check_operand`, which raises FieldError if `operand_problem` returns a problem."""

    def _as_old(self, method: Any) -> Any:
        def check_operand(value: object) -> None:
            if problem := method(value):
                raise FieldError(f"{method.__self__}: {problem}")

        return check_operand

    def _as_new(self, override: Any) -> Any:
        def operand_problem(field: Field, value: object) -> None:
            override(field, value)

        return operand_problem


class Field(Generic[V, I]):
    """One field of a kintone app.

    `code` is the field code in the app; without it, the attribute's name is the code.
    `verbose_name` is the label in a form that `deploy` makes. With `required`, a save refuses a
    blank. `unique` says that the app prohibits duplicate values. `default` is a value, or a
    function that returns a value, for new instances. A value is also the default of the field that
    `deploy` makes; for a list, write a tuple. A query function (``DateField(default=Today())``) is
    the app's default alone: kintone evaluates it for a new record. Without a default, a field that
    was never assigned is not sent, and the app's default applies. `validators` are validators of
    marshmallow, or any functions that raise ValueError or a ValidationError (of kintone_orm or
    marshmallow).
    """

    kintone_type: ClassVar[str]
    empty: ClassVar[Any] = None
    built_in: ClassVar[bool] = False  # every app has the field from the start
    has_value: ClassVar[bool] = True  # records have a value for the field
    fits_in_table: ClassVar[bool] = True  # the field can be in a subtable
    can_be_unique: ClassVar[bool] = False
    has_default_setting: ClassVar[bool] = True  # the app's field can have a default of its own
    default_function: ClassVar[type[Function] | None] = None  # kintone takes it as a default
    mutable: ClassVar[bool] = False  # a program can change the value in place
    why_absent: ClassVar[str] = "The app has no such field, or you may not view it."

    # The expression with which the decoder reads the wire value {v} without calling a method. It
    # may use the names of `decoder_names`; {n} is a number that no other field has. If the
    # expression is None, the decoder calls `to_python`.
    decode_expression: str | None = None

    # The expression with which the decoder copies the value {v}, as `snapshot` does.
    copy_expression: str | None = "{v}"

    name: str
    code: str
    model: Any  # the model class or row class; Any, because this package imports no models
    read_only: bool = False  # kintone sets the value itself
    changes_by_itself: bool = False  # every write of the record changes the value
    is_stamp: bool = False  # the value only says when, or by whom, the record was written

    # The declared lengths or range of the values; None for any value of the type.
    bounds: Bounds | None = None

    # The code of the subtable or reference table that the field is a column of.
    table: str | None = None
    message_name: str | None = None

    # The relation, if the values are keys of another model. Then a filter also takes records of
    # that model.
    refers_to: Reference | None = None

    put: Callable[[Any, Any], None]  # stores a value in an instance, without checks

    if not TYPE_CHECKING:  # type checkers should read the signature of __init__ instead

        def __new__(cls, *_args: object, **options: object) -> Any:
            refuse_options(cls, options)
            return super().__new__(cls)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        adopt_old_hooks(cls)

    def __init__(
        self,
        code: str | None = None,
        *,
        required: bool = False,
        verbose_name: str | None = None,
        unique: bool = False,
        default: object = UNSET,
        validators: Iterable[Validator] = (),
    ) -> None:
        self._given_code = code
        self.required = required
        # True if kintone refuses a new record, or a new row, that is sent without the field.
        self.needs_value = required and not isinstance(default, Function)
        self.verbose_name = verbose_name
        self.unique = unique
        self.default = default
        self.validators = checked_validators(validators)
        self.name = ""
        self.model = None
        self.filled_by: str | None = None  # the lookup that copies a value into this field
        if code is not None:
            self.code = checked_code(code)
        if unique and not self.can_be_unique:
            raise ImproperlyConfigured(
                f"{type(self).__name__} cannot be unique: kintone prohibits duplicates only in "
                "single line text, number, link, date and datetime fields."
            )
        refuse_default(type(self), default)

    def attach(self, model: type, name: str) -> Self:
        """Return a copy of this field that belongs to `model` under `name`."""
        if self.default is not UNSET and self.model is None and self.has_default_setting:
            check_default(self, f"{model.__name__}.{name}")
        bound = copy.copy(self)
        bound.model = model
        bound.name = name
        bound.filled_by = None  # the lookups of `model` set `filled_by` again
        bound.code = checked_code(name) if self._given_code is None else self.code
        bound.bind()
        return bound

    def bind(self) -> None:
        """Give a copy made by `attach` or `column_of` its own parts, such as its columns."""

    def column_of(self, table: Field, code: str) -> Self:
        """Return a copy of this field as a column of `table`; `code` is its code in queries."""
        column = copy.copy(self)
        column.code, column.table, column.message_name = code, table.code, f"{table}.{self.name}"
        column.bind()
        return column

    @property
    def columns(self) -> Mapping[str, Field] | None:
        """The columns by name if the field is a table; None for any other field."""
        return None

    def slots(self, name: str) -> list[str]:
        """Return the slots that a model needs for the field `name`. The first has the value."""
        return [f"_f_{name}"]

    def bind_slots(self) -> None:
        """Connect the field with its slots, once the model class exists."""
        value = getattr(self.model, f"_f_{self.name}")
        self._read, self.put, self._clear = value.__get__, value.__set__, value.__delete__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> V: ...
    def __get__(self, instance: Any, owner: type) -> Self | V:
        if instance is None:
            return self
        try:
            value: V = self._read(instance)
        except AttributeError:
            value = instance._supply(self)
        return value

    def __set__(self, instance: Any, value: I) -> None:
        if not self.writable:
            raise AttributeError(self.why_read_only())
        coerced = self.coerce(value, instance._zone)
        instance._remember(self)
        self.put(instance, coerced)

    def __delete__(self, instance: object) -> NoReturn:
        raise AttributeError(
            f"{self} cannot be deleted. To clear it, assign {self.empty_value()!r}."
            if self.writable
            else self.why_read_only()
        )

    def peek(self, instance: object) -> V | Unset:
        """Return the value if it is loaded or assigned, else `UNSET`. Never send a request."""
        try:
            value: V = self._read(instance)
        except AttributeError:
            return UNSET
        return value

    def clear(self, instance: object) -> None:
        """Remove the value, so that the next access fetches it."""
        self.hide(instance)

    def hide(self, instance: object) -> None:
        """Remove the value as `clear` does, but keep the base of a list (see `ListField`)."""
        if self.peek(instance) is not UNSET:
            self._clear(instance)

    # -- the forms of a value ---------------------------------------------------------------

    def to_python(self, raw: object, zone: tzinfo | None = None) -> V:
        """Return the Python value for a wire value; ValueError or TypeError if it is malformed."""
        raise NotImplementedError

    def unreadable(self, sent: Any) -> str:
        """Return sentences that say why the field cannot be read.

        `sent` is the field in kintone's answer; None if the answer lacks the field.
        """
        if sent is None:
            return f"kintone did not send {self} (code {self.code!r}). {self.why_absent}"
        reason = ""
        try:
            self.to_python(sent["value"])
        except ValueError as error:
            reason = f": {error!s:.200}"
        except (LookupError, TypeError, AttributeError, ArithmeticError):
            pass  # the texts of these errors describe Python code, not the value
        return f"{self} ({self.kintone_type}) cannot be read from {sent!r:.200}{reason}."

    def to_api(self, value: V) -> Any:
        """Return the wire value for a Python value."""
        raise NotImplementedError

    def to_literal(self, value: V) -> str:
        """Return the Python value as a quoted operand of a query."""
        text = self.to_api(value)
        return quote("" if text is None else text)

    def coerce(self, value: object, zone: Zone) -> V:
        """Return the Python value for an input or an operand; FieldError if it does not fit."""
        raise NotImplementedError

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, object]:
        """Return the objects that `decode_expression` uses, by name."""
        del zone
        return {}

    def empty_value(self) -> V:
        """Return the value of a blank field."""
        value: V = self.empty
        return value

    def for_duplicate(self, value: V) -> V:
        """Return the value for a duplicate of the record."""
        return copy.deepcopy(value)

    def snapshot(self, value: V) -> Any:
        """Return an immutable copy. Values whose copies are equal are the same in kintone."""
        return value

    def from_snapshot(self, snapshot: Any, zone: tzinfo | None) -> V:
        """Return the value that `snapshot` is a copy of, with instants in `zone`."""
        del zone
        value: V = snapshot
        return value

    def typed(self) -> Field:
        """Return the field whose type determines the rules: this field, or a lookup's key field."""
        return self

    def is_kept_as(self, kintone_type: str) -> bool:
        """Return True if an app's field of this `kintone_type` can store the values."""
        return kintone_type == self.typed().kintone_type

    @property
    def asked_as(self) -> str:
        """The key in `type_rules.RULES` of the rules for filters by this field."""
        return self.kintone_type

    @property
    def most_characters(self) -> int | None:
        """The maximum length of a text, as the model declares it; None for any length."""
        return None

    # -- filtering --------------------------------------------------------------------------

    def operand(self, lookup: str, value: object, zone: Zone) -> str:
        """Return the literal of one value of a filter; FieldError for a value that does not fit."""
        coerced = self.coerce(value, zone)
        is_blank = coerced == self.empty_value() and lookup not in ("exact", "in")
        if value is None or is_blank:
            raise FieldError(
                f"{self} cannot be compared with {value!r}. "
                f"To find blanks, write Q({self._path()}=None)."
            )
        if problem := self.operand_problem(coerced):
            raise FieldError(f"{self}: {problem}")
        return self.to_literal(coerced)

    def operand_problem(self, value: V) -> str | None:
        """Return a sentence that says why no record can have the value; None if a record can."""
        del value
        return None

    check_operand = _CheckOperand["Callable[[V], None]"]("operand_problem")

    # -- saving -----------------------------------------------------------------------------

    @property
    def writable(self) -> bool:
        """True if a save may send this field."""
        return not self.read_only and self.filled_by is None

    def get_default(self) -> Any:
        """Return the initial value of a new instance, or `UNSET`."""
        default = self.default
        if default is UNSET or isinstance(default, Function):
            return UNSET
        return default() if callable(default) else default

    def default_setting(self) -> dict[str, Any]:
        """Return the setting of the app's field for its own default, without code and type.

        Empty if the model leaves the default to the app, or if a function of the program makes it.
        A naive datetime is left to the program, too: its time zone is the connection's.
        """
        default = self.default
        if default is UNSET or callable(default) or not self.has_default_setting:
            return {}
        try:
            value = self.to_api(self.coerce(default, lambda: None))
        except FieldError:
            return {}
        return {"defaultValue": "" if value is None else value}

    def all_problems(self, value: V) -> list[str]:
        """Return sentences about the mistakes in the value; an empty list if it may be saved."""
        if value == self.empty_value():
            return self.blank_problems()
        return self.problems(value) + list(validator_problems(self.validators, value))

    def blank_problems(self) -> list[str]:
        """Return sentences that say why a blank cannot be saved; an empty list if it can be."""
        return ["Required: kintone refuses a blank here."] if self.required else []

    def problems_by_place(self, value: V, loaded: object = UNSET) -> dict[str, list[str]]:
        """Return `all_problems` by place: "" for the value itself, "[2].qty" for a cell.

        Cells that equal the cells of the snapshot `loaded` are not sent, so they are not checked.
        """
        del loaded
        return {"": self.all_problems(value)}

    clean = RenamedHook["Callable[[V], list[str]]"]("all_problems")
    complaints = RenamedHook["Callable[..., dict[str, list[str]]]"]("problems_by_place")

    def kept_as_sent(self, value: V, loaded: object) -> bool:
        """Return True if kintone stores `value`, which replaces `loaded`, exactly as sent.

        Otherwise the value is read again after a save.
        """
        del value, loaded
        return True

    def problems(self, value: V) -> list[str]:
        """Return sentences about the type's rules that `value` breaks; `value` is not blank."""
        del value
        return []

    def definition(self) -> dict[str, Any]:
        """Return the field's definition, as kintone's form API takes it.

        Source: kintone REST API, "Add Form Fields".
        """
        definition: dict[str, Any] = {
            "type": self.kintone_type,
            "code": self.code,
            "label": self.verbose_name or self.code,
        }
        if not self.read_only:
            definition["required"] = self.required
        if self.can_be_unique:
            definition["unique"] = self.unique
        return definition | self.default_setting()

    def form_problems(self, definition: Mapping[str, object]) -> Iterable[str]:
        """Yield the differences from the app's field of the same type, each as "is ..., but ...".

        `definition` is the app's field as kintone's form API describes it.
        """
        if self.unique and not definition.get("unique"):
            yield f"is unique, but the app's field {self.code!r} allows duplicates"

    contradictions = RenamedHook["Callable[[Mapping[str, Any]], Iterable[str]]"]("form_problems")

    def __str__(self) -> str:
        owner = self.model.__name__ if self.model is not None else type(self).__name__
        return self.message_name or (f"{owner}.{self.name}" if self.name else owner)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def why_read_only(self) -> str:
        """Return a sentence that says why the field is not `writable`."""
        if self.filled_by is not None:
            return f"{self} cannot be set: the lookup {self.filled_by!r} copies its value."
        return f"{self} cannot be set: kintone sets it itself."

    def _path(self) -> str:
        """Return the field's name for a filter, such as "lines__qty"."""
        return str(self).partition(".")[2].replace(".", "__")

    def _wrong_type(self, value: object, expected: str) -> FieldError:
        message = f"{self} takes {expected}, not {type(value).__name__} {value!r:.80}."
        if is_missing(value):
            message += " For a blank, use None."
        if hasattr(value, "resolve_expression"):  # Django's F, or another expression of Django
            message += " kintone has no expressions. Read the value, compute in Python, save it."
        return FieldError(message)
