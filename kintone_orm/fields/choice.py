"""Choices: one of a list (drop-down, radio button) or several (check box, multi-choice).

An Enum may stand for the list: its values are the names of the options, and the field's values its
members.
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, overload

from kintone_orm.exceptions import FieldError, ImproperlyConfigured
from kintone_orm.fields.base import UNSET, Field, is_nothing
from kintone_orm.fields.list_field import ListField
from kintone_orm.fields.wire_values import sent_list, sent_text, text_or_blank
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
E = TypeVar("E", bound=enum.Enum)


class _ChoiceField(Field[C, I]):
    """`choices` are the names of the app's options, or an Enum of them.

    Without them any text is let through.
    """

    def __init__(
        self,
        code: str | None = None,
        *,
        choices: Any = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, required=required, **options)
        given: list[Any] = list(choices)
        members = given if isinstance(choices, enum.EnumMeta) else []
        names = [each.value for each in members] or given
        is_list = not isinstance(choices, (str, Set, Mapping))  # of a set no order is known
        if not is_list or not all(isinstance(each, str) for each in names):
            raise ImproperlyConfigured(
                f"{type(self).__name__}(choices={choices!r:.80}): choices are a list of the names "
                "of the app's options, which have no other labels, or an Enum with those values."
            )
        if isinstance(choices, enum.EnumMeta) and not names:
            raise ImproperlyConfigured(f"{type(self).__name__}: {choices.__name__} has no members.")
        if twice := {name for name in names if names.count(name) > 1}:
            raise ImproperlyConfigured(
                f"{type(self).__name__}: {min(twice)!r} is among the choices twice."
            )
        self.choices: tuple[str, ...] = tuple(names)
        self.members: Mapping[str, enum.Enum] = {each.value: each for each in members}
        if members:
            self.decode_expression = self._members_expression
        fixed = None if callable(self.default) or self.default is UNSET else self.default
        if fixed and (problem := self.option_problem(fixed)):
            raise ImproperlyConfigured(f"{type(self).__name__}(default={fixed!r:.80}): {problem}")

    _members_expression: ClassVar[str]

    def option_problem(self, option: Any) -> str | None:
        """A sentence about an option that is not among the choices, with the nearest choice.

        None if the option is a choice.
        """
        name = self._name_of(option)
        if not self.choices or name in self.choices:
            return None
        if not isinstance(name, str):
            return f"{option!r:.80} is no text, which an option is."
        near = difflib.get_close_matches(name, self.choices, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        return f"{name!r} is not among the choices {', '.join(map(repr, self.choices))}.{hint}"

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, Any]:
        del zone
        return {"members{n}": self.members} if self.members else {}

    def form_problems(self, definition: Mapping[str, Any]) -> Iterable[str]:
        yield from super().form_problems(definition)
        if lacking := [name for name in self.choices if name not in definition["options"]]:
            named = ", ".join(map(repr, lacking))
            yield f"has the choices {named}, but the app's field {self.code!r} lacks them"

    def definition(self) -> dict[str, Any]:
        if not self.choices:
            raise ImproperlyConfigured(
                f"{self} has no choices, so that its field cannot be made: "
                f'{type(self).__name__}(choices=["A", "B"]).'
            )
        options = {
            name: {"label": name, "index": str(index)} for index, name in enumerate(self.choices)
        }
        return super().definition() | {"options": options}

    def _value_of(self, name: str) -> Any:
        """The value for an option that kintone sent; ValueError if the Enum has no such member."""
        if not self.members:
            return name
        if name not in self.members:
            raise ValueError(f"no member: {name!r:.80}")
        return self.members[name]

    def _name_of(self, option: Any) -> str:
        """The option's name, for a member or for itself."""
        name: str = option.value if isinstance(option, enum.Enum) else option
        return name

    def _chosen(self, option: Any, wanted: str) -> Any:
        """The value for what a person gave: a member, or an option's name."""
        name = self._name_of(option)
        foreign = (
            self.members
            and isinstance(option, enum.Enum)
            and option is not (self.members.get(name))
        )
        if not isinstance(name, str) or foreign:
            raise self._wrong_type(option, wanted)
        if self.members and (problem := self.option_problem(name)):
            raise FieldError(f"{self}: {problem}")
        return self._value_of(name)


class _SingleChoiceField(_ChoiceField[C, "str | enum.Enum | None"]):
    decode_expression = "{v} or None"
    _members_expression = "members{n}[x] if (x := {v}) else None"

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> Any:
        del zone
        name = text_or_blank(raw)
        return None if name is None else self._value_of(name)

    def to_api(self, value: Any) -> str | None:
        return None if value is None else self._name_of(value)

    def coerce(self, value: Any, zone: Zone) -> Any:
        del zone
        if is_nothing(value):
            return None
        return self._chosen(value, "one of its choices")

    def operand_problem(self, value: Any) -> str | None:
        return None if value is None else self.option_problem(value)

    def problems(self, value: Any) -> list[str]:
        problem = self.option_problem(value)
        return [problem] if problem else []


class DropDownField(_SingleChoiceField[C]):
    """One of the app's options, as `str` or Enum member; None when nothing is chosen."""

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
        choices: Any = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, choices=choices, required=required, **options)


class RadioButtonField(_SingleChoiceField[C]):
    """One of the app's options, as `str` or Enum member; None only where it is newer than records.

    kintone cannot clear a radio button, so None cannot be saved.
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
        choices: Any = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, choices=choices, required=required, **options)

    def kept_as_sent(self, value: Any, loaded: Any) -> bool:
        del loaded
        return value is not None  # kintone chooses the default option in place of a blank

    def all_problems(self, value: Any) -> list[str]:
        if value is None:
            # Sent a blank, kintone would choose the default option without a word.
            return ["A radio button cannot be blank: choose one of its options."]
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

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> list[C]:
        del zone
        return [self._value_of(sent_text(name)) for name in sent_list(raw)]

    def to_api(self, value: list[C]) -> list[str]:
        return [self._name_of(each) for each in value]

    def coerce(self, value: Any, zone: Zone) -> list[C]:
        del zone
        if value is None:
            return []
        if isinstance(value, (str, enum.Enum)) or not hasattr(value, "__iter__"):
            raise self._wrong_type(value, "a list of its choices")
        return [self._chosen(option, "a list of its choices") for option in value]

    def operand(self, lookup: str, value: Any, zone: Zone) -> str:
        """The literal of one option: a filter finds the records that have it among theirs."""
        del lookup, zone
        wanted = "one of its choices (or several with __in)"
        if isinstance(value, str) and not value:
            raise self._wrong_type(value, wanted)
        option = self._chosen(value, wanted)
        if problem := self.option_problem(option):
            raise FieldError(f"{self}: {problem}")
        return quote(self._name_of(option))

    def problems(self, value: list[C]) -> list[str]:
        found = []
        names = [self._name_of(option) for option in value]
        for position, (option, name) in enumerate(zip(value, names, strict=True)):
            if not isinstance(name, str):
                found.append(f"{option!r:.80} is no text, which an option is.")
            elif name in names[:position]:
                found.append(f"{option!r} is chosen twice; kintone keeps it once.")
            elif problem := self.option_problem(option):
                found.append(problem)
        return found


class CheckBoxField(_MultiChoiceField[C]):
    """Any of the app's options, as a list of `str` or Enum members; [] when none is ticked."""

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
        choices: Any = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, choices=choices, required=required, **options)


class MultiSelectField(_MultiChoiceField[C]):
    """Any of the app's options, as a list of `str` or Enum members; [] when none is chosen."""

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
        choices: Any = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, choices=choices, required=required, **options)
