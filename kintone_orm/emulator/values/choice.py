"""Choice fields, whose values are names of the form's options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from .base import Field

if TYPE_CHECKING:
    from ..ground.json_types import Definition
    from .base import Precision, Writing

__all__ = ["DropDown", "MultipleChoice", "RadioButton"]


class _Choice(Field):
    """The base of the choice fields: a field with options."""

    def __init__(self, definition: Definition, precision: Precision) -> None:
        super().__init__(definition, precision)
        self.options = frozenset(definition["options"])


class DropDown(_Choice):
    """DROP_DOWN: one option, or a blank."""

    empty = None

    def read(self, value: object, prefix: str, writing: Writing) -> str | None:
        """Return the option's name, or None."""
        if value in (None, ""):
            return None
        if not isinstance(value, str):
            raise self.shape_error(prefix, "text")
        if value not in self.options:
            self.report(prefix, writing.problems, "option", value=value)
            return None
        return value


class RadioButton(DropDown):
    """RADIO_BUTTON: never blank. A blank selects the default option (kintone: Field types)."""

    enforces_required = False

    def read(self, value: object, prefix: str, writing: Writing) -> str | None:
        """Return the option's name; None only if the form has no default."""
        return super().read(self.preset if value in (None, "") else value, prefix, writing)


class MultipleChoice(_Choice):
    """CHECK_BOX and MULTI_SELECT: any number of options."""

    empty: ClassVar[Any] = []
    suffix = "values"

    def read(self, value: object, prefix: str, writing: Writing) -> list[str]:
        """Return the names of the options in the sent order, without repetitions."""
        if value in (None, ""):
            return []
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise self.shape_error(prefix, "array")
        for position, name in enumerate(value):
            if name not in self.options:
                path = f"{prefix}.{self.code}.values[{position}].value"
                writing.problems.add(path, "option", value=name)
        return list(dict.fromkeys(name for name in value if name in self.options))
