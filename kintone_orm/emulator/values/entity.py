"""Fields that hold users, organizations or groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..ground.errors import fault
from ..store.people import UNKNOWN
from .base import Field

if TYPE_CHECKING:
    from .base import Writing

__all__ = ["EntitySelect", "texts_under"]

_KINDS = {"USER_SELECT": "USER", "ORGANIZATION_SELECT": "ORGANIZATION", "GROUP_SELECT": "GROUP"}


def texts_under(key: str, value: Any) -> list[str] | None:
    """The text under `key` of each object of a list; None when `value` is no such list."""
    if value in (None, ""):
        return []
    if not isinstance(value, list):
        return None
    codes = [item.get(key) for item in value if isinstance(item, dict)]
    texts = [code for code in codes if isinstance(code, str)]
    return texts if len(texts) == len(value) else None


class EntitySelect(Field):
    """USER_SELECT, ORGANIZATION_SELECT and GROUP_SELECT: identified by code."""

    empty: ClassVar[Any] = []
    suffix = "values.value"

    def read(self, value: Any, prefix: str, writing: Writing) -> list[dict[str, str]]:
        """Code and name of each, once, in the order sent. GAIA_IL26, 27 or 28: unknown."""
        codes = texts_under("code", value)
        if codes is None:
            raise self.misshapen(prefix, "entities")
        kind = _KINDS[self.type]
        found = []
        for code in dict.fromkeys(codes):
            name = writing.directory.name(kind, code)
            if name is not None:
                found.append({"code": code, "name": name})
            else:
                raise fault(UNKNOWN[kind], code=code)
        return found

    def initial(self, writing: Writing) -> list[dict[str, str]]:
        """The default, with the caller or its organization where the form says so."""
        user = writing.user
        own = {"LOGINUSER()": user.code, "PRIMARY_ORGANIZATION()": user.organization}
        codes = [
            own[item["code"]] if item["type"] == "FUNCTION" else item["code"]
            for item in self.preset or ()
            if item["type"] in ("FUNCTION", _KINDS[self.type])
        ]
        return [{"code": code} for code in codes if code is not None]
