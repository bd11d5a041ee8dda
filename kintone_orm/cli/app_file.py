"""The models of a Python file, and their apps in an emulator: what --app does."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_apps
from kintone_orm.apps import deploy
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.models import Model
from kintone_orm.testing.emulation import EmulatedConnection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.emulator import Emulator

__all__ = ["deploy_models", "models_of"]


def models_of(file: str) -> list[type[Model]]:
    """The models that a Python file makes or imports, but for abstract ones.

    It is run as a module of its own, with its folder at hand for its imports; what it raises is
    raised. typer.BadParameter if there is no such file, or no model whose app has a key.
    """
    path = Path(file).resolve()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise typer.BadParameter(f"there is no Python file {file}", param_hint="--app")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    seen = dict.fromkeys(it for it in vars(module).values() if isinstance(it, type))
    found = [it for it in seen if issubclass(it, Model) and not it._meta.abstract]
    if not found:
        raise typer.BadParameter(f"there is no model in {file}", param_hint="--app")
    for model in found:
        if not isinstance(model._meta.app, str):
            raise typer.BadParameter(
                f"Meta.app of {model.__name__} is not a key: an emulator gives ids of its own",
                param_hint="--app",
            )
    return found


def deploy_models(emulator: Emulator, models: Sequence[type[Model]]) -> dict[str, int]:
    """The ids of the models' apps by their keys. Apps that are there already get what they lack.

    An app is found again by its key in a domain file, or by its name, the model's `verbose_name`.
    SystemExit with a sentence if the
    apps cannot be what the models say.
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
        return deploy(*models, using=connection)
    except KintoneORMError as error:
        sys.exit(f"The apps of the models cannot be made: {error}")
