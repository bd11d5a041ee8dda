"""Models of apps that exist: Django's `inspectdb`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.apps.inspecting.module import write_module
from kintone_orm.apps.inspecting.names_file import read_names
from kintone_orm.apps.inspecting.reading import read_apps
from kintone_orm.connection import connections

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.apps.description import AppDescription
    from kintone_orm.connection import Connection

__all__ = ["inspect"]


def inspect(
    *apps: int | str | AppDescription,
    using: Connection | str | None = None,
    enums: bool = False,
    keys: bool = False,
    names: Mapping[str, Any] | None = None,
) -> str:
    """Return the source of a module with a model for each app, in the order of `apps`.

    An app is its id, its key on the connection, its app code, or an `AppDescription`. Looking up an
    app code needs a password. An app takes four requests: for its name, and for the fields, the
    layout and the settings of its form. A part that the connection may not read is left out, with a
    comment.

    With `enums`, the choices of a field are an Enum instead of a list. With `keys`, `Meta.app` is a
    key instead of an id: the key of the connection, or a new one. `names` is the content of a
    names.toml, parsed: the Python names to use. `using` names the connection; by default it is the
    current one.

    TypeError without an app. ImproperlyConfigured for an unknown key or app code, and for a name
    that cannot be used. NotFound, PermissionDenied or another APIError, which names the app, if its
    form cannot be read.
    """
    if not apps:
        raise TypeError("inspect() needs an app: its id, its key or its app code.")
    connection = connections.resolve(using)
    known = {app: key for key, app in reversed(connection.apps.items())}
    arguments = [repr(app) for app in apps if isinstance(app, (int, str))]
    module = write_module(
        read_apps(connection, apps),
        enums=enums,
        keys=known if keys else None,
        names=read_names(names or {}),
        command=f"kintone_orm.apps.inspect({', '.join(arguments)})",
    )
    return module.text
