"""The option --app: importing the models of a Python file, and making their apps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_apps
from kintone_orm.apps import deploy
from kintone_orm.apps.deploying.near_codes import codes_of
from kintone_orm.cli.model_source import import_file
from kintone_orm.cli.terminal import fail
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.testing.emulation import EmulatedConnection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.emulator import Emulator
    from kintone_orm.models import Model

__all__ = ["deploy_models", "import_models"]


def import_models(file: str) -> list[type[Model]]:
    """Import a Python file. Return its models and the models it imports, but no abstract models.

    The file may import other files of its folder. SystemExit with code 2, after a message, if it
    cannot be imported, if it has no model, or if an app has no key.
    """
    models = import_file(file)
    for model in models:
        if not isinstance(model._meta.app, str):
            fail(
                f"Meta.app of {model.__name__} must be a key, because an emulator chooses the ids."
            )
    return models


def deploy_models(emulator: Emulator, models: Sequence[type[Model]]) -> dict[str, int]:
    """Make the apps of the models, or add missing fields, and return the ids of the apps by key.

    An existing app is found by its key in a domain file, or by its name, which must be the model's
    `verbose_name`. SystemExit with code 2, after a message, if an app contradicts its
    model.
    """
    connection = EmulatedConnection(emulator, adapter=emulator.adapter())
    try:
        connection.apps.update(emulator.made.apps)
        for model in models:
            if model._meta.app in emulator.made.apps:
                continue
            name = model._meta.verbose_name
            apps = get_apps(checked(connection), name=name)["apps"]
            namesakes = [app["appId"] for app in apps if app["name"] == name]
            if len(namesakes) == 1:
                connection.apps[str(model._meta.app)] = int(namesakes[0])
        # The data is local, so a new code that looks like a typo is not refused.
        return deploy(*models, using=connection, add=codes_of(models))
    except KintoneORMError as error:
        fail(f"The apps of the models cannot be made: {error}")
