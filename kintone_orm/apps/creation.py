"""Creating the apps of models."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import add_app
from kintone_orm.api.spaces import get_space
from kintone_orm.apps.naming import app_name, extend_text, naming_models
from kintone_orm.apps.unfinished import find_unfinished
from kintone_orm.exceptions import APIError
from kintone_orm.http.failures import may_be_done

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kintone_orm.apps.settings_writes import SettingsWrites
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
    try:
        with naming_models({}, models):
            return int(add_app(checked(connection), name=app_name(models), **place)["app"])
    except APIError as error:
        if not may_be_done(error):
            raise
        lost = error
    # The request is not sent again, because it might make a second app, which no API can delete.
    with suppress(APIError):
        if (app := find_unfinished(connection, {key: models}).get(key)) is not None:
            return app
    extend_text(lost, after=" If kintone has created the app, the next deploy() takes it up.")
    raise lost
