"""The address of a record's page, and the name and settings of its app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_app
from kintone_orm.connection import connections
from kintone_orm.fields import User
from kintone_orm.fields.temporal import instant_reader
from kintone_orm.models.record.home import connection_of, require_id
from kintone_orm.models.record.instance import Instance

if TYPE_CHECKING:
    from datetime import datetime

    from kintone_orm.connection import Connection

__all__ = ["AppInfo", "Identified"]


@dataclass(frozen=True, slots=True)
class AppInfo:
    """The general settings of an app.

    `code` is "" if the app has none. `space` and `thread` are None outside spaces. `description` is
    HTML. The times are aware, in the connection's time zone or in UTC.
    """

    id: int
    code: str
    name: str
    description: str
    space: int | None
    thread: int | None
    created_at: datetime
    creator: User
    modified_at: datetime
    modifier: User


class Identified(Instance):
    """The part of `Model` for the record's address and its app."""

    __slots__ = ()

    @property
    def url(self) -> str:
        """The address of the record's page in the browser; reading it sends nothing.

        Raises ValueError for a record that was never saved.
        """
        id_ = require_id(self)
        connection = connection_of(self)
        space = connection.guest_space
        way = "k" if space is None else f"k/guest/{space}"
        app = self._meta.app_id(connection)
        return f"{connection.base_url}/{way}/{app}/show#record={id_}"

    @classmethod
    def app_info(cls, *, using: Connection | str | None = None) -> AppInfo:
        """Return the name, code, description, space, creator and times of the app; one request.

        Raises NotFound if there is no such app in service. Source: "kintone REST API: Get App".
        """
        meta = cls._meta
        connection = connections.resolve(using, default=meta.using)
        sent = get_app(checked(connection), id=meta.app_id(connection))
        instant = instant_reader(connection.timezone)
        return AppInfo(
            id=int(sent["appId"]),
            code=sent["code"],
            name=sent["name"],
            description=sent["description"],
            space=_number(sent["spaceId"]),
            thread=_number(sent["threadId"]),
            created_at=instant(sent["createdAt"]),
            creator=User(sent["creator"]["code"], sent["creator"]["name"]),
            modified_at=instant(sent["modifiedAt"]),
            modifier=User(sent["modifier"]["code"], sent["modifier"]["name"]),
        )


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
