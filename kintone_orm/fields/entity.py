"""Who: users, organizations and groups as values, and the fields that hold several of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from kintone_orm.fields.list_field import ListField
from kintone_orm.fields.wire_values import sent_list, sent_text
from kintone_orm.query.literals import quote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from typing_extensions import Unpack

    from kintone_orm.fields.base import FieldOptions
    from kintone_orm.query.comparable import Zone

__all__ = [
    "Group",
    "GroupSelectField",
    "Organization",
    "OrganizationSelectField",
    "User",
    "UserSelectField",
]


@dataclass(frozen=True, slots=True)
class _Entity:
    """What has a `code`, and a `name` to show. Those of one kind and code are equal."""

    code: str
    name: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.name or self.code


class User(_Entity):
    """A user: the login name as `code`, and the `name` shown. Users of one code are equal."""

    __slots__ = ()


class Organization(_Entity):
    """An organization (department): its `code`, and the `name` shown. Equal by code."""

    __slots__ = ()


class Group(_Entity):
    """A group (role): its `code`, and the `name` shown. Groups of one code are equal."""

    __slots__ = ()


E = TypeVar("E", User, Organization, Group)


class EntitiesField(ListField[list[E], Iterable[E | str] | None]):
    """What the fields that hold several entities have in common."""

    decode_expression = "[Entity{n}(x['code'], x['name']) for x in {v}]"
    entity: ClassVar[type[Any]]

    def __init__(
        self, code: str | None = None, *, required: bool = False, **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(code, required=required, **options)

    def empty_value(self) -> list[E]:
        return []

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> list[E]:
        del zone
        return [
            self.entity(sent_text(each["code"]), sent_text(each["name"])) for each in sent_list(raw)
        ]

    def to_api(self, value: list[E]) -> list[dict[str, str]]:
        return [{"code": each.code} for each in value]

    def coerce(self, value: Any, zone: Zone) -> list[E]:
        del zone
        if value is None:
            return []
        if isinstance(value, (str, self.entity)) or not hasattr(value, "__iter__"):
            raise self._wrong_type(value, f"a list of {self.entity.__name__} or of codes")
        return [self._one(each) for each in value]

    def operand(self, lookup: str, value: Any, zone: Zone) -> str:
        """The literal of one entity: a filter finds the records that have it among theirs."""
        del lookup, zone
        return quote(self._one(value).code)

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, Any]:
        del zone
        return {"Entity{n}": self.entity}

    def kept_as_sent(self, value: list[E], loaded: Any) -> bool:
        del loaded
        return all(each.name for each in value)  # a bare code's name is still to be learned

    def problems(self, value: list[E]) -> list[str]:
        found = []
        for position, each in enumerate(value):
            if not isinstance(each, self.entity):
                found.append(f"{each!r:.80} is no {self.entity.__name__}.")
            elif each in value[:position]:
                found.append(f"{each.code!r} is there twice.")
        return found

    def _one(self, value: Any) -> E:
        if isinstance(value, self.entity):
            found: E = value
            return found
        if not isinstance(value, str) or not value:
            raise self._wrong_type(value, f"{self.entity.__name__}s or their codes")
        return self.entity(value)  # type: ignore[no-any-return]


class UserSelectField(EntitiesField[User]):
    """Users, as a list of `User` in the order chosen; [] when nobody is. Takes login names, too."""

    kintone_type = "USER_SELECT"
    entity = User


class OrganizationSelectField(EntitiesField[Organization]):
    """Organizations, as a list of `Organization`; [] when none is chosen. Takes codes, too."""

    kintone_type = "ORGANIZATION_SELECT"
    entity = Organization


class GroupSelectField(EntitiesField[Group]):
    """Groups, as a list of `Group`; [] when none is chosen. Takes codes, too."""

    kintone_type = "GROUP_SELECT"
    entity = Group
