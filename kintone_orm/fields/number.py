"""Numbers: exact decimals and whole numbers. A blank is None."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from operator import index
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from kintone_orm.fields.base import Field, is_nothing
from kintone_orm.fields.declaring.bounds import plain_number, range_of, unit_settings
from kintone_orm.fields.wire_values import text_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from typing_extensions import Unpack

    from kintone_orm.fields.base import FieldOptions
    from kintone_orm.query.comparable import Zone

    class NumberOptions(FieldOptions, total=False):
        """The keyword arguments of number fields, besides `required`."""

        min_value: Decimal | float | str | None
        max_value: Decimal | float | str | None
        unit: str
        unit_position: Literal["BEFORE", "AFTER"] | None


__all__ = ["IntegerField", "NumberField", "NumberPrecision"]

N = TypeVar("N")

# kintone stores at most 30 digits, and every float has fewer than 1000. Without a limit, a text
# such as 1e999999999 would fill the memory when its digits are written out.
_MAX_DIGITS = 1000


_RANGES = (("digits", 1, 30), ("decimal_places", 0, 10))
_ROUNDING_MODES = ("HALF_EVEN", "UP", "DOWN")


@dataclass(frozen=True, slots=True)
class NumberPrecision:
    """The precision and rounding of numbers in an app, one setting for all its number fields.

    An app stores 1 to 30 `digits`, of which 0 to 10 are `decimal_places`. The `rounding_mode` is
    "HALF_EVEN", "UP" or "DOWN". Other arguments raise ValueError.

    Source: kintone REST API, "Get General Settings", numberPrecision.
    """

    digits: int = 16
    decimal_places: int = 4
    rounding_mode: str = "HALF_EVEN"

    def __post_init__(self) -> None:
        for name, least, most in _RANGES:
            value = getattr(self, name)
            if type(value) is not int or not least <= value <= most:
                raise ValueError(f"{name} must be a number from {least} to {most}, not {value!r}.")
        if self.decimal_places > self.digits:
            raise ValueError(
                f"decimal_places ({self.decimal_places}) cannot exceed digits ({self.digits})."
            )
        if self.rounding_mode not in _ROUNDING_MODES:
            raise ValueError(
                f"rounding_mode must be one of {', '.join(_ROUNDING_MODES)}, "
                f"not {self.rounding_mode!r}."
            )

    def problems(self, number: Decimal) -> list[str]:
        """Return sentences about digits of `number` that kintone would round or refuse."""
        if not number:
            return []
        decimals = len(format(number, "f").partition(".")[2].rstrip("0"))
        problems = []
        if decimals > self.decimal_places:
            problems.append(
                f"{number} has {decimals} decimal places; the app stores {self.decimal_places} "
                "(Meta.number_precision) and would round it."
            )
        if number.adjusted() + 1 > self.digits - self.decimal_places:
            problems.append(
                f"{number} has more than {self.digits - self.decimal_places} digits before the "
                "decimal point, which is the limit of the app (Meta.number_precision)."
            )
        return problems


_NO_DECIMALS = NumberPrecision(digits=30, decimal_places=0)


class _NumberField(Field[N, "Decimal | int | float | str | None"]):
    kintone_type = "NUMBER"
    can_be_unique = True

    def __init__(
        self,
        code: str | None = None,
        *,
        min_value: Decimal | float | str | None = None,
        max_value: Decimal | float | str | None = None,
        unit: str = "",
        unit_position: Literal["BEFORE", "AFTER"] | None = None,
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, required=required, **options)
        label = type(self).__name__
        self.bounds = bounds = range_of(label, min_value, max_value)
        self.min_value = None if bounds is None else bounds.least
        self.max_value = None if bounds is None else bounds.most
        self.unit = unit
        self.unit_position = unit_position
        self.unit_settings = unit_settings(label, unit, unit_position)

    def definition(self) -> dict[str, Any]:
        limits = {"minValue": self.min_value, "maxValue": self.max_value}
        declared = {name: plain_number(n) for name, n in limits.items() if n is not None}
        return super().definition() | declared | self.unit_settings

    def to_api(self, value: object) -> str | None:
        if value is None:
            return None
        return format(value, "f") if isinstance(value, Decimal) else str(value)

    def problems(self, value: Any) -> list[str]:
        problems = [] if self.bounds is None else self.bounds.problems(value)
        precision = self.model._meta.number_precision if self.model is not None else None
        return problems if precision is None else problems + precision.problems(Decimal(value))

    def kept_as_sent(self, value: Any, loaded: object) -> bool:
        del loaded
        # Without a declared precision, assume the smallest: an app may store no decimals.
        declared = self.model._meta.number_precision or _NO_DECIMALS
        return value is None or not declared.problems(Decimal(value))

    def _sent(self, raw: object) -> Decimal | None:
        """Return the number in a wire value; ValueError if kintone cannot have sent it."""
        text = text_or_none(raw)
        if text is None:
            return None
        number = Decimal(text)
        if not number.is_finite() or abs(number.adjusted()) >= _MAX_DIGITS or "_" in text:
            raise ValueError(f"{text!r:.80} is not a number that kintone stores")
        return number

    def _decimal(self, value: Any) -> Decimal | None:
        """Return `value` as an exact decimal; a float counts as its repr, so 0.1 is one tenth."""
        if is_nothing(value):
            return None
        if isinstance(value, bool) or (isinstance(value, str) and "_" in value):
            raise self._wrong_type(value, "a number")  # Decimal accepts 1_000, kintone does not
        try:
            if isinstance(value, float):
                number = Decimal(repr(float(value)))
            else:
                number = Decimal(value if isinstance(value, (Decimal, str)) else index(value))
        except (InvalidOperation, TypeError):
            raise self._wrong_type(value, "a number") from None
        if not number.is_finite():
            raise self._wrong_type(value, "a finite number")
        if abs(number.adjusted()) >= _MAX_DIGITS:
            raise self._wrong_type(value, f"a number of at most {_MAX_DIGITS:,} digits")
        return number


class NumberField(_NumberField[N]):
    """An exact number, as `Decimal`; None if blank.

    Takes `Decimal`, integers of any class, `float` (by its repr: 0.1 is one tenth) and numeric
    text. kintone silently rounds to the app's decimal places, four by default. So a saved value
    with decimals is read again at its next access, in one request. Declare `Meta.number_precision`
    to avoid this request, and to refuse numbers that kintone would round.
    A save refuses a number less than `min_value` or greater than `max_value`, as kintone does
    before it rounds. `unit` and `unit_position` ("BEFORE" or "AFTER") are for the app's form only.
    Python's decimal arithmetic rounds to 28 digits. For numbers of 29 or 30 digits, set
    ``decimal.getcontext().prec = 30`` in each thread.
    """

    decode_expression = "Decimal(x) if (x := {v}) else None"

    @overload
    def __init__(
        self: NumberField[Decimal],
        code: str | None = ...,
        *,
        required: Literal[True],
        **options: Unpack[NumberOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: NumberField[Decimal | None],
        code: str | None = ...,
        *,
        required: bool = ...,
        **options: Unpack[NumberOptions],
    ) -> None: ...
    def __init__(
        self, code: str | None = None, *, required: bool = False, **options: Unpack[NumberOptions]
    ) -> None:
        super().__init__(code, required=required, **options)

    def to_python(self, raw: object, zone: tzinfo | None = None) -> Any:
        del zone
        return self._sent(raw)

    def coerce(self, value: object, zone: Zone) -> Any:
        del zone
        return self._decimal(value)

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, object]:
        del zone
        return {"Decimal": Decimal}


class IntegerField(_NumberField[N]):
    """A whole number in a number field of kintone, as `int`; None if blank.

    `min_value`, `max_value`, `unit` and `unit_position` are as in `NumberField`.
    """

    decode_expression = "int(x) if (x := {v}) else None"

    @overload
    def __init__(
        self: IntegerField[int],
        code: str | None = ...,
        *,
        required: Literal[True],
        **options: Unpack[NumberOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: IntegerField[int | None],
        code: str | None = ...,
        *,
        required: bool = ...,
        **options: Unpack[NumberOptions],
    ) -> None: ...
    def __init__(
        self, code: str | None = None, *, required: bool = False, **options: Unpack[NumberOptions]
    ) -> None:
        super().__init__(code, required=required, **options)

    def to_python(self, raw: object, zone: tzinfo | None = None) -> Any:
        del zone
        number = self._sent(raw)
        if number is None:
            return None
        if number != int(number):
            raise ValueError(f"{raw} is not a whole number: declare a NumberField")
        return int(number)

    def coerce(self, value: object, zone: Zone) -> Any:
        del zone
        number = self._decimal(value)
        if number is None:
            return None
        if number != int(number):
            raise self._wrong_type(value, "a whole number")
        return int(number)
