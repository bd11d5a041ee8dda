"""Fields whose values are users, organizations or groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..ground.errors import fault
from ..store.people import UNKNOWN
from .base import Field

if TYPE_CHECKING:
    from .base import Writing

__all__ = ["EntitySelect", "texts_under"]

_KINDS = {"USER_SELECT": "USER", "ORGANIZATION_SELECT": "ORGANIZATION", "GROUP_SELECT": "GROUP"}


def texts_under(key: str, value: object) -> list[str] | None:
    """Return the text under `key` in each object of a list, or None if `value` is anything else."""
    if value in (None, ""):
        return []
    if not isinstance(value, list):
        return None
    codes = [item.get(key) for item in value if isinstance(item, dict)]
    texts = [code for code in codes if isinstance(code, str)]
    return texts if len(texts) == len(value) else None


class EntitySelect(Field):
    """USER_SELECT, ORGANIZATION_SELECT and GROUP_SELECT. Clients send codes."""

    empty: ClassVar[Any] = []
    suffix = "values.value"

    def read(self, value: object, prefix: str, writing: Writing) -> list[dict[str, str]]:
        """Return the codes and names of the entities in the sent order, without repetitions.

        Raises GAIA_IL26, GAIA_IL27 or GAIA_IL28 for an unknown code.
        """
        codes = texts_under("code", value)
        if codes is None:
            raise self.shape_error(prefix, "entities")
        kind = _KINDS[self.type]
        entities = []
        for code in dict.fromkeys(codes):
            name = writing.directory.name(kind, code)
            if name is None:
                raise fault(UNKNOWN[kind], code=code)
            entities.append({"code": code, "name": name})
        return entities

    def initial(self, writing: Writing) -> list[dict[str, str]]:
        """Return the default. In it, LOGINUSER() and PRIMARY_ORGANIZATION() become codes."""
        user = writing.user
        own = {"LOGINUSER()": user.code, "PRIMARY_ORGANIZATION()": user.organization}
        codes = [
            own[item["code"]] if item["type"] == "FUNCTION" else item["code"]
            for item in self.preset or ()
            if item["type"] in ("FUNCTION", _KINDS[self.type])
        ]
        return [{"code": code} for code in codes if code is not None]
