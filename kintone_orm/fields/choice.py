"""Fields with choices: one option (drop-down, radio button) or several (check box, multi-choice).

The options can be an Enum. Then the Enum's values are the names of the options, and its members are
the values of the field.
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Callable, Mapping, Set
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, overload

from kintone_orm.deprecation import RenamedHook
from kintone_orm.exceptions import FieldError, ImproperlyConfigured
from kintone_orm.fields.base import UNSET, Field, is_nothing
from kintone_orm.fields.list_field import ListField
from kintone_orm.fields.wire_values import require_list, require_text, text_or_none
from kintone_orm.query.literals import quote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from typing_extensions import Unpack

    from kintone_orm.fields.base import FieldOptions
    from kintone_orm.query.comparable import Zone

__all__ = ["CheckBoxField", "DropDownField", "MultiSelectField", "RadioButtonField"]

C = TypeVar("C")
I = TypeVar("I")  # noqa: E741 - as in `Field`
E = TypeVar("E", bound=enum.Enum)


class _ChoiceField(Field[C, I]):
    """A field with options: `choices` are their names, or an Enum with the names as values.

    Without `choices` the field accepts any text.
    """

    def __init__(
        self,
        code: str | None = None,
        *,
        choices: type[enum.Enum] | Iterable[str] = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, required=required, **options)
        options_or_members: list[Any] = list(choices)
        members = options_or_members if isinstance(choices, enum.EnumMeta) else []
        names = [member.value for member in members] or options_or_members
        is_list = not isinstance(choices, (str, Set, Mapping))  # a set has no order of options
        if not is_list or not all(isinstance(name, str) for name in names):
            raise ImproperlyConfigured(
                f"{type(self).__name__}(choices={choices!r:.80}): choices must be a list of the "
                "names of the app's options, or an Enum with these names as values. kintone has no "
                "separate labels."
            )
        if isinstance(choices, enum.EnumMeta) and not names:
            raise ImproperlyConfigured(f"{type(self).__name__}: {choices.__name__} has no members.")
        if repeated := {name for name in names if names.count(name) > 1}:
            raise ImproperlyConfigured(
                f"{type(self).__name__}: {min(repeated)!r} is among the choices twice."
            )
        self.choices: tuple[str, ...] = tuple(names)
        self.members: Mapping[str, enum.Enum] = {member.value: member for member in members}
        if members:
            self.decode_expression = self._members_expression
        fixed = None if callable(self.default) or self.default is UNSET else self.default
        for option in fixed if isinstance(fixed, tuple) else [fixed]:
            if option and (problem := self.option_problem(option)):
                raise ImproperlyConfigured(
                    f"{type(self).__name__}(default={fixed!r:.80}): {problem}"
                )

    _members_expression: ClassVar[str]

    def option_problem(self, option: object) -> str | None:
        """Return a sentence about an option that is not among the choices, or None.

        The sentence names the nearest choice.
        """
        name = self._name_of(option)
        if not self.choices or name in self.choices:
            return None
        if not isinstance(name, str):
            return f"An option must be a text, not {option!r:.80}."
        similar = difflib.get_close_matches(name, self.choices, n=1)
        hint = f" Did you mean {similar[0]!r}?" if similar else ""
        return f"{name!r} is not among the choices {', '.join(map(repr, self.choices))}.{hint}"

    unknown = RenamedHook[Callable[[Any], str | None]]("option_problem")

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, object]:
        del zone
        return {"members{n}": self.members} if self.members else {}

    def form_problems(self, definition: Mapping[str, Any]) -> Iterable[str]:
        yield from super().form_problems(definition)
        if missing := [name for name in self.choices if name not in definition["options"]]:
            names = ", ".join(map(repr, missing))
            yield f"has the choices {names}, but the app's field {self.code!r} lacks them"

    def definition(self) -> dict[str, Any]:
        if not self.choices:
            raise ImproperlyConfigured(
                f"{self} has no choices, so its field cannot be created. Write "
                f'{type(self).__name__}(choices=["A", "B"]).'
            )
        options = {
            name: {"label": name, "index": str(index)} for index, name in enumerate(self.choices)
        }
        return super().definition() | {"options": options}

    def _value_of(self, name: str) -> Any:
        """Return the value for the name of an option; ValueError if the Enum has no such member."""
        if not self.members:
            return name
        if name not in self.members:
            raise ValueError(f"the Enum has no member {name!r:.80}")
        return self.members[name]

    def _name_of(self, option: Any) -> str:
        """Return the name of an option, which is given by name or as an Enum member."""
        name: str = option.value if isinstance(option, enum.Enum) else option
        return name

    def _chosen(self, option: object, expected: str) -> Any:
        """Return the value for an assigned option, which is a name or an Enum member."""
        name = self._name_of(option)
        foreign = (
            self.members
            and isinstance(option, enum.Enum)
            and option is not (self.members.get(name))
        )
        if not isinstance(name, str) or foreign:
            raise self._wrong_type(option, expected)
        if self.members and (problem := self.option_problem(name)):
            raise FieldError(f"{self}: {problem}")
        return self._value_of(name)


class _SingleChoiceField(_ChoiceField[C, "str | enum.Enum | None"]):
    decode_expression = "{v} or None"
    _members_expression = "members{n}[x] if (x := {v}) else None"

    def to_python(self, raw: object, zone: tzinfo | None = None) -> Any:
        del zone
        name = text_or_none(raw)
        return None if name is None else self._value_of(name)

    def to_api(self, value: C) -> str | None:
        return None if value is None else self._name_of(value)

    def coerce(self, value: object, zone: Zone) -> Any:
        del zone
        if is_nothing(value):
            return None
        return self._chosen(value, "one of its choices")

    def operand_problem(self, value: object) -> str | None:
        return None if value is None else self.option_problem(value)

    def problems(self, value: C) -> list[str]:
        problem = self.option_problem(value)
        return [problem] if problem else []


class DropDownField(_SingleChoiceField[C]):
    """One of the app's options, as `str` or Enum member; None if no option is chosen."""

    kintone_type = "DROP_DOWN"

    @overload
    def __init__(
        self: DropDownField[E],
        code: str | None = ...,
        *,
        choices: type[E],
        required: Literal[True],
        **options: Unpack[FieldOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: DropDownField[E | None],
        code: str | None = ...,
        *,
        choices: type[E],
        required: bool = ...,
        **options: Unpack[FieldOptions],
    ) -> None: ...
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
        choices: type[enum.Enum] | Iterable[str] = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, choices=choices, required=required, **options)


class RadioButtonField(_SingleChoiceField[C]):
    """One of the app's options, as `str` or Enum member.

    The value is None only in records that are older than the field. None cannot be saved, because
    kintone cannot clear a radio button.
    """

    kintone_type = "RADIO_BUTTON"

    @overload
    def __init__(
        self: RadioButtonField[E],
        code: str | None = ...,
        *,
        choices: type[E],
        required: Literal[True],
        **options: Unpack[FieldOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: RadioButtonField[E | None],
        code: str | None = ...,
        *,
        choices: type[E],
        required: bool = ...,
        **options: Unpack[FieldOptions],
    ) -> None: ...
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
        choices: type[enum.Enum] | Iterable[str] = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, choices=choices, required=required, **options)

    def kept_as_sent(self, value: C, loaded: object) -> bool:
        del loaded
        return value is not None  # kintone replaces a blank by the default option

    def all_problems(self, value: C) -> list[str]:
        if value is None:
            # kintone would replace a blank by the default option without an error.
            return ["A radio button cannot be blank. Choose one of its options."]
        return super().all_problems(value)


class _MultiChoiceField(
    ListField["list[C]", "Iterable[str | enum.Enum] | None"],
    _ChoiceField["list[C]", "Iterable[str | enum.Enum] | None"],
    Generic[C],
):
    decode_expression = "{v}"
    _members_expression = "[members{n}[x] for x in {v}]"

    def empty_value(self) -> list[C]:
        return []

    def to_python(self, raw: object, zone: tzinfo | None = None) -> list[C]:
        del zone
        return [self._value_of(require_text(name)) for name in require_list(raw)]

    def to_api(self, value: list[C]) -> list[str]:
        return [self._name_of(option) for option in value]

    def coerce(self, value: Any, zone: Zone) -> list[C]:
        del zone
        if value is None:
            return []
        if isinstance(value, (str, enum.Enum)) or not hasattr(value, "__iter__"):
            raise self._wrong_type(value, "a list of its choices")
        return [self._chosen(option, "a list of its choices") for option in value]

    def operand(self, lookup: str, value: object, zone: Zone) -> str:
        """Return the literal of one option; a filter finds the records with this option."""
        del lookup, zone
        expected = "one of its choices (or several with __in)"
        if isinstance(value, str) and not value:
            raise self._wrong_type(value, expected)
        option = self._chosen(value, expected)
        if problem := self.option_problem(option):
            raise FieldError(f"{self}: {problem}")
        return quote(self._name_of(option))

    def problems(self, value: list[C]) -> list[str]:
        problems = []
        names = [self._name_of(option) for option in value]
        for position, (option, name) in enumerate(zip(value, names, strict=True)):
            if not isinstance(name, str):
                problems.append(f"An option must be a text, not {option!r:.80}.")
            elif name in names[:position]:
                problems.append(f"{option!r} is chosen twice; kintone stores it once.")
            elif problem := self.option_problem(option):
                problems.append(problem)
        return problems


class CheckBoxField(_MultiChoiceField[C]):
    """Any of the app's options, as a list of `str` or Enum members; [] if none is checked."""

    kintone_type = "CHECK_BOX"

    @overload
    def __init__(
        self: CheckBoxField[E],
        code: str | None = ...,
        *,
        choices: type[E],
        required: bool = ...,
        **options: Unpack[FieldOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: CheckBoxField[str],
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
        choices: type[enum.Enum] | Iterable[str] = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, choices=choices, required=required, **options)


class MultiSelectField(_MultiChoiceField[C]):
    """Any of the app's options, as a list of `str` or Enum members; [] if none is chosen."""

    kintone_type = "MULTI_SELECT"

    @overload
    def __init__(
        self: MultiSelectField[E],
        code: str | None = ...,
        *,
        choices: type[E],
        required: bool = ...,
        **options: Unpack[FieldOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: MultiSelectField[str],
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
        choices: type[enum.Enum] | Iterable[str] = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, choices=choices, required=required, **options)
