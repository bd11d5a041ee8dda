"""Users, organizations and groups as values, and the fields with several of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from kintone_orm.fields.list_field import ListField
from kintone_orm.fields.wire_values import require_list, require_text
from kintone_orm.query.functions import Function, LoginUser, PrimaryOrganization
from kintone_orm.query.literals import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo

    from typing_extensions import Unpack

    from kintone_orm.fields.base import FieldOptions
    from kintone_orm.query.comparable import Zone

__all__ = [
    "SHARED",
    "Group",
    "GroupSelectField",
    "Organization",
    "OrganizationSelectField",
    "User",
    "UserSelectField",
]


@dataclass(frozen=True, slots=True)
class _Entity:
    """A `code` with a `name` to show. Entities of one class with the same code are equal."""

    code: str
    name: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.name or self.code


class User(_Entity):
    """A user: the login name as `code`, and the display `name`. Equal if the codes are equal."""

    __slots__ = ()


class Organization(_Entity):
    """An organization (department): its `code` and display `name`. Equal if the codes are equal."""

    __slots__ = ()


class Group(_Entity):
    """A group (role): its `code` and its display `name`. Equal if the codes are equal."""

    __slots__ = ()


E = TypeVar("E", User, Organization, Group)

# Functions that make an entity, or return the one that they made before: the records of a page name
# the same few people, and entities never change. Each function keeps the last thousand.
SHARED: Mapping[Any, Callable[[str, str], Any]] = {
    entity: lru_cache(maxsize=1_000, typed=True)(entity) for entity in (User, Organization, Group)
}


class EntitiesField(ListField[list[E], Iterable[E | str] | None]):
    """The base of fields whose value is a list of entities."""

    decode_expression = "[entity{n}(x['code'], x['name']) for x in {v}]"
    entity: ClassVar[type[Any]]

    def __init__(
        self, code: str | None = None, *, required: bool = False, **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(code, required=required, **options)

    def empty_value(self) -> list[E]:
        return []

    def to_python(self, raw: object, zone: tzinfo | None = None) -> list[E]:
        del zone
        return [
            self.entity(require_text(entity["code"]), require_text(entity["name"]))
            for entity in require_list(raw)
        ]

    def to_api(self, value: list[E]) -> list[dict[str, str]]:
        return [{"code": entity.code} for entity in value]

    def coerce(self, value: Any, zone: Zone) -> list[E]:
        del zone
        if value is None:
            return []
        if isinstance(value, (str, self.entity)) or not hasattr(value, "__iter__"):
            raise self._wrong_type(value, f"a list of {self.entity.__name__} or of codes")
        return [self._one(item) for item in value]

    def operand(self, lookup: str, value: object, zone: Zone) -> str:
        """Return the literal of one entity; a filter finds the records that contain it."""
        del lookup, zone
        return quote(self._one(value).code)

    def default_setting(self) -> dict[str, Any]:
        if isinstance(self.default, Function):
            return {"defaultValue": [{"code": str(self.default), "type": "FUNCTION"}]}
        setting = super().default_setting()
        kind = self.kintone_type.partition("_")[0]
        return {
            name: [entity | {"type": kind} for entity in entities]
            for name, entities in setting.items()
        }

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, object]:
        del zone
        return {"entity{n}": SHARED.get(self.entity, self.entity)}

    def kept_as_sent(self, value: list[E], loaded: object) -> bool:
        del loaded
        return all(entity.name for entity in value)  # kintone adds the missing names

    def problems(self, value: list[E]) -> list[str]:
        problems = []
        for position, entity in enumerate(value):
            if not isinstance(entity, self.entity):
                problems.append(f"{entity!r:.80} is not a {self.entity.__name__}.")
            elif entity in value[:position]:
                problems.append(f"{entity.code!r} is in the list twice.")
        return problems

    def _one(self, value: Any) -> E:
        if isinstance(value, self.entity):
            entity: E = value
            return entity
        if not isinstance(value, str) or not value:
            raise self._wrong_type(value, f"{self.entity.__name__}s or their codes")
        return self.entity(value)  # type: ignore[no-any-return]


class UserSelectField(EntitiesField[User]):
    """Users, as a list of `User` in the chosen order; [] if blank. Also takes login names.

    With ``default=LoginUser()``, kintone enters the user who adds a record.
    """

    kintone_type = "USER_SELECT"
    default_function = LoginUser
    entity = User


class OrganizationSelectField(EntitiesField[Organization]):
    """Organizations, as a list of `Organization`; [] if blank. Also takes codes.

    With ``default=PrimaryOrganization()``, kintone enters that of the user who adds a record.
    """

    kintone_type = "ORGANIZATION_SELECT"
    default_function = PrimaryOrganization
    entity = Organization


class GroupSelectField(EntitiesField[Group]):
    """Groups, as a list of `Group`; [] if blank. Also takes codes."""

    kintone_type = "GROUP_SELECT"
    entity = Group
