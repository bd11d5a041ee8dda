"""Choices: one of a list (drop-down, radio button) or several (check box, multi-choice)."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from kintone_orm.exceptions import FieldError, ImproperlyConfigured
from kintone_orm.fields.base import Field
from kintone_orm.query.literals import quote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from typing_extensions import Unpack

    from kintone_orm.fields.base import FieldOptions
    from kintone_orm.query.comparable import Zone

__all__ = ["CheckBoxField", "DropDownField", "MultiSelectField", "RadioButtonField"]

C = TypeVar("C")
I = TypeVar("I")  # noqa: E741 - what assigning takes, as in `Field`


class _ChoiceField(Field[C, I]):
    """`choices` are the names of the app's options; without them any text is let through."""

    def __init__(
        self,
        code: str | None = None,
        *,
        choices: Iterable[str] = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, required=required, **options)
        self.choices = tuple(choices)
        if isinstance(choices, str) or not all(isinstance(each, str) for each in self.choices):
            raise ImproperlyConfigured(
                f"{type(self).__name__}(choices={choices!r:.80}): choices are a list of the names "
                "of the app's options, which have no other labels."
            )

    def unknown(self, option: str) -> str | None:
        """What is wrong with an option that is not among the choices, with the nearest one."""
        if not self.choices or option in self.choices:
            return None
        near = difflib.get_close_matches(option, self.choices, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        return f"{option!r} is not among the choices {', '.join(map(repr, self.choices))}.{hint}"

    def definition(self) -> dict[str, Any]:
        options = {
            name: {"label": name, "index": str(index)} for index, name in enumerate(self.choices)
        }
        return super().definition() | {"options": options}


class _SingleChoiceField(_ChoiceField[C, "str | None"]):
    expression = "{v} or None"

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> Any:
        del zone
        if raw is not None and not isinstance(raw, str):
            raise TypeError(f"no option: {raw!r:.80}")
        return raw or None

    def to_api(self, value: Any) -> str | None:
        option: str | None = value
        return option

    def coerce(self, value: Any, zone: Zone) -> Any:
        del zone
        if value is not None and not isinstance(value, str):
            raise self._wrong_type(value, "one of its choices")
        return value or None

    def check_operand(self, value: Any) -> None:
        if value is not None and (wrong := self.unknown(value)):
            raise FieldError(f"{self}: {wrong}")

    def problems(self, value: Any) -> list[str]:
        wrong = self.unknown(value)
        return [wrong] if wrong else []


class DropDownField(_SingleChoiceField[C]):
    """One of the app's options, as `str`; None when nothing is chosen."""

    kintone_type = "DROP_DOWN"

    @overload
    def __init__(
        self: DropDownField[str],
        code: str | None = ...,
        *,
        choices: Iterable[str] = ...,
        required: Literal[True],
        **options: Unpack[FieldOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: DropDownField[str | None],
        code: str | None = ...,
        *,
        choices: Iterable[str] = ...,
        required: bool = ...,
        **options: Unpack[FieldOptions],
    ) -> None: ...
    def __init__(
        self,
        code: str | None = None,
        *,
        choices: Iterable[str] = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, choices=choices, required=required, **options)


class RadioButtonField(_SingleChoiceField[C]):
    """One of the app's options, as `str`; None only in records older than the field.

    kintone cannot clear a radio button, so None cannot be saved.
    """

    kintone_type = "RADIO_BUTTON"

    @overload
    def __init__(
        self: RadioButtonField[str],
        code: str | None = ...,
        *,
        choices: Iterable[str] = ...,
        required: Literal[True],
        **options: Unpack[FieldOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: RadioButtonField[str | None],
        code: str | None = ...,
        *,
        choices: Iterable[str] = ...,
        required: bool = ...,
        **options: Unpack[FieldOptions],
    ) -> None: ...
    def __init__(
        self,
        code: str | None = None,
        *,
        choices: Iterable[str] = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, choices=choices, required=required, **options)

    def clean(self, value: Any) -> list[str]:
        if value is None:
            # Sent a blank, kintone would choose the default option without a word.
            return ["A radio button cannot be cleared: choose one of its options."]
        return super().clean(value)


class _MultiChoiceField(_ChoiceField["list[str]", "Iterable[str] | None"]):
    mutable = True
    expression = "{v}"

    def empty_value(self) -> list[str]:
        return []

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> list[str]:
        del zone
        if not isinstance(raw, list):
            raise TypeError(f"no list of options: {raw!r:.80}")
        return raw

    def to_api(self, value: list[str]) -> list[str]:
        return list(value)

    def snapshot(self, value: list[str]) -> tuple[str, ...]:
        return tuple(value)

    def coerce(self, value: Any, zone: Zone) -> list[str]:
        del zone
        if value is None:
            return []
        if isinstance(value, str) or not hasattr(value, "__iter__"):
            raise self._wrong_type(value, "a list of its choices")
        options = list(value)
        for option in options:
            if not isinstance(option, str):
                raise self._wrong_type(option, "a list of its choices")
        return options

    def operand(self, lookup: str, value: Any, zone: Zone) -> str:
        """The literal of one option: a filter finds the records that have it among theirs."""
        del lookup, zone
        if not isinstance(value, str) or not value:
            raise self._wrong_type(value, "one of its choices (or several with __in)")
        if wrong := self.unknown(value):
            raise FieldError(f"{self}: {wrong}")
        return quote(value)

    def problems(self, value: list[str]) -> list[str]:
        found = []
        for position, option in enumerate(value):
            if not isinstance(option, str):
                found.append(f"{option!r:.80} is no text, which an option is.")
            elif option in value[:position]:
                found.append(f"{option!r} is chosen twice; kintone keeps it once.")
            elif wrong := self.unknown(option):
                found.append(wrong)
        return found


class CheckBoxField(_MultiChoiceField):
    """Any of the app's options, as a list of `str`; [] when none is ticked."""

    kintone_type = "CHECK_BOX"


class MultiSelectField(_MultiChoiceField):
    """Any of the app's options, as a list of `str`; [] when none is chosen."""

    kintone_type = "MULTI_SELECT"
