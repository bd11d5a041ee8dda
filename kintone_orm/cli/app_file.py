"""The option --app: importing the models of a Python file, and making their apps."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_apps
from kintone_orm.apps import deploy
from kintone_orm.apps.near_codes import codes_of
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.models import Model
from kintone_orm.testing.emulation import EmulatedConnection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.emulator import Emulator

__all__ = ["deploy_models", "import_models"]


def import_models(file: str) -> list[type[Model]]:
    """Import a Python file. Return its models and the models it imports, but no abstract models.

    The file may import other files of its folder. Its exceptions are not caught. Raise
    typer.BadParameter if the file does not exist, if it has no model, or if an app has no key.
    """
    path = Path(file).resolve()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise typer.BadParameter(f"there is no Python file {file}", param_hint="--app")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    classes = dict.fromkeys(value for value in vars(module).values() if isinstance(value, type))
    models = [cls for cls in classes if issubclass(cls, Model) and not cls._meta.abstract]
    if not models:
        raise typer.BadParameter(f"there is no model in {file}", param_hint="--app")
    for model in models:
        if not isinstance(model._meta.app, str):
            raise typer.BadParameter(
                f"Meta.app of {model.__name__} must be a key, because an emulator chooses the ids",
                param_hint="--app",
            )
    return models


def deploy_models(emulator: Emulator, models: Sequence[type[Model]]) -> dict[str, int]:
    """Make the apps of the models, or add missing fields, and return the ids of the apps by key.

    An existing app is found by its key in a domain file, or by its name, which must be the model's
    `verbose_name`. Raise SystemExit with a message if an app contradicts its model.
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
        sys.exit(f"The apps of the models cannot be made: {error}")
