"""Creating the apps of models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import add_app
from kintone_orm.api.spaces import get_space
from kintone_orm.apps.deploying.unfinished import find_unfinished
from kintone_orm.apps.naming import app_name, naming_models

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kintone_orm.apps.deploying.settings_writes import SettingsWrites
    from kintone_orm.models.base import Model

__all__ = ["create_apps"]


def create_apps(
    writes: SettingsWrites, models_by_key: Mapping[str, Sequence[type[Model]]]
) -> Iterator[tuple[str, int]]:
    """Create the apps one by one. Yield the key and the id of each app once it exists."""
    connection = writes.connection
    place: dict[str, Any] = {}
    if models_by_key and (space := connection.guest_space) is not None:
        with naming_models({}, [model for models in models_by_key.values() for model in models]):
            thread = get_space(checked(connection), id=space)["defaultThread"]
        place = {"space": space, "thread": thread}
    for key, models in models_by_key.items():
        yield key, _create_app(writes, key, models, place)


def _create_app(
    writes: SettingsWrites, key: str, models: Sequence[type[Model]], place: Mapping[str, Any]
) -> int:
    connection = writes.connection

    def create() -> int:
        with naming_models({}, models):
            return int(add_app(checked(connection), name=app_name(models), **place)["app"])

    return writes.create(create, lambda: find_unfinished(connection, {key: models}).get(key))
