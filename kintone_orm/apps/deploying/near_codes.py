"""New codes of models that look like a typo of a code that an app has.

deploy() adds a field for each code that an app lacks. If the code is a typo, an app in use gets a
field that nobody wants, and the model does not read the field that was meant. So deploy() refuses a
new code that is near a code of the app that no model declares. The functions are pure.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kintone_orm.fields.subtable import SubtableField

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model
    from kintone_orm.models.ground.form_definitions import Form

__all__ = ["NearCode", "are_near", "codes_of", "find_near_codes"]

# In shorter codes, one character is a large part of the meaning: "住所" and "場所".
_SHORTEST_WITH_EDIT = 4


@dataclass(frozen=True, slots=True)
class NearCode:
    """A new code that looks like a typo of codes in the app.

    `code` and `others` are field codes. For a column, they have the code of the subtable before
    them: "明細.数量".
    """

    field: str  # "Order.company"
    code: str
    others: tuple[str, ...]

    @property
    def text(self) -> str:
        """The problem as a sentence."""
        others = " and ".join(map(repr, self.others))
        return (
            f"the new code {self.code!r} ({self.field}) may be a typo of {others}, which the app "
            "has and no model of this deploy declares."
        )


def are_near(code: str, other: str) -> bool:
    """Return True if one of two different codes may be a typo of the other.

    They are equal after Unicode's NFKC, without case and blanks; or one contains the other; or, for
    codes of four characters or more, they differ by one edit. An edit adds, removes or replaces a
    character, or swaps two neighbors.
    """
    return code != other and _are_near(_fold(code), _fold(other))


def find_near_codes(models: Iterable[type[Model]], form: Form) -> list[NearCode]:
    """Return the models' new codes that are near codes of `form` that no model declares.

    Fields are compared with fields, and columns with the columns of the same subtable. All models
    of the app must be in `models`, and `form` is its form as kintone describes it.
    """
    fields = [field for model in models for field in model._meta.fields.values()]
    near = [*_near_in(fields, form)]
    tables: dict[str, list[Field]] = {}
    for table in fields:
        if isinstance(table, SubtableField):
            tables.setdefault(table.code, []).extend(table.columns.values())
    for code, columns in tables.items():
        near += _near_in(columns, form.get(code, {}).get("fields", {}), before=f"{code}.")
    return near


def codes_of(models: Iterable[type[Model]]) -> list[str]:
    """Return the codes that the models declare, those of columns as "明細.数量"."""
    codes: dict[str, None] = {}
    for model in models:
        for field in model._meta.fields.values():
            codes[field.code] = None
            if isinstance(field, SubtableField):
                codes |= dict.fromkeys(
                    f"{field.code}.{column.code}" for column in field.columns.values()
                )
    return [*codes]


def _near_in(fields: Sequence[Field], form: Form, *, before: str = "") -> Iterator[NearCode]:
    """Yield the near codes of one place: the fields of an app, or the columns of a subtable."""
    declared = {field.code for field in fields}
    unclaimed = {
        code: _fold(code)
        for code, definition in form.items()
        if code not in declared and _can_be_meant(definition)
    }
    new: dict[str, Field] = {}
    for field in fields:
        if field.code not in form and not field.built_in:
            new.setdefault(field.code, field)
    for code, field in new.items():
        folded = _fold(code)
        others = [other for other, known in unclaimed.items() if _are_near(folded, known)]
        if others:
            yield NearCode(str(field), before + code, tuple(before + other for other in others))


def _can_be_meant(definition: Mapping[str, Any]) -> bool:
    """Return False for fields that no model declares: groups, and features that are turned off."""
    return definition["type"] != "GROUP" and definition.get("enabled") is not False


def _fold(code: str) -> str:
    """Return the code without differences that people do not see."""
    folded = unicodedata.normalize("NFKC", code).casefold()
    return "".join(unicodedata.normalize("NFKC", folded).split())


def _are_near(code: str, other: str) -> bool:
    """Do the same as `are_near` for two folded codes."""
    return code in other or other in code or _is_one_edit(code, other)


def _is_one_edit(code: str, other: str) -> bool:
    """Return True if an edit makes one code of the other, and one has four characters or more."""
    if max(len(code), len(other)) < _SHORTEST_WITH_EDIT or abs(len(code) - len(other)) > 1:
        return False
    # Without the beginning and the end that the codes share, only the edited characters remain.
    start = 0
    while start < min(len(code), len(other)) and code[start] == other[start]:
        start += 1
    code, other = code[start:], other[start:]
    while code and other and code[-1] == other[-1]:
        code, other = code[:-1], other[:-1]
    return max(len(code), len(other)) <= 1 or (len(code) == 2 and code == other[::-1])
