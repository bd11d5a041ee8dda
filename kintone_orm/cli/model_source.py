"""The argument MODELS of the commands: a module or a Python file, and names of models in it."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn, TypeAlias

import typer

from kintone_orm.cli.terminal import fail, print_traceback
from kintone_orm.models import Model
from kintone_orm.query.resolve import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from kintone_orm.configuration import Configuration

__all__ = ["MODELS", "ModelsArgument", "import_file", "load_models"]

MODELS = typer.Argument(
    metavar="MODELS",
    show_default=False,
    help="A module (shop.models) or a Python file (shop/models.py); for some of its models, "
    "shop.models:Order,Customer.  [default: models of the configuration]",
)

_FILES_OF_IMPORTS: Final = (
    __file__,
    importlib.__file__,
    "<frozen importlib._bootstrap>",
    "<frozen importlib._bootstrap_external>",
)

# A command that `connected` or `configured` decorates gets the classes that the text names.
ModelsArgument: TypeAlias = Annotated[list[type[Model]], MODELS]


def load_models(spec: str | None, configuration: Configuration) -> list[type[Model]]:
    """Import the models that MODELS names, or else those of the configuration.

    Without names of models, they are the models of the module and its submodules; of a module that
    has no models, those that it imports. Abstract models are left out. A named model may come from
    any other module.

    The working directory is searched for modules first. SystemExit with code 2, after a message on
    standard error, if there is no such module or model. For an error of the module itself, the
    message is the traceback.
    """
    source, names = _split(spec or "")
    sources = [source] if source else list(configuration.models)
    if not sources:
        fail(
            "Name a module of models, such as shop.models, or a file, such as shop/models.py. Or "
            'write models = "shop.models" in kintone.toml.'
        )
    modules = [_import(source) for source in sources]
    if names:
        return [_find_model(name, modules, sources) for name in names]
    models = dict.fromkeys(model for module in modules for model in _own_models(module))
    if not models:
        fail(f"There is no model in {' or '.join(sources)}.")
    return [*models]


def import_file(file: str) -> list[type[Model]]:
    """Import a Python file and return its models and the models that it imports.

    SystemExit as in `load_models`.
    """
    models = _models_in(_import_file(file))
    if not models:
        fail(f"There is no model in {file}.")
    return models


def _split(spec: str) -> tuple[str, list[str]]:
    """Return the module or file, and the names of models after the last colon."""
    source, colon, names = spec.rpartition(":")
    # The colon of C:\shop\models.py is followed by no name of a model.
    if not colon or "\\" in names or "/" in names:
        return spec, []
    return source, list(dict.fromkeys(filter(None, map(str.strip, names.split(",")))))


def _import(source: str) -> ModuleType:
    if source.endswith(".py") or "/" in source or "\\" in source:
        return _import_file(source)
    _search_first(Path.cwd())
    return _import_module(source)


def _search_first(folder: Path) -> None:
    """Let Python look for modules in this folder first."""
    if sys.path[:1] != [str(folder)]:
        sys.path.insert(0, str(folder))
    importlib.invalidate_caches()


def _import_module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            _fail_with_traceback(name, error)
        fail(f"There is no module {name!r}.{nearest(name, _neighbours(error.name))}")
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the module may raise any
        _fail_with_traceback(name, error)


def _import_file(file: str) -> ModuleType:
    """Import a file: as a module of its package, or under its own name if it is in no package."""
    path = Path(file).resolve()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        neighbours = [str(near) for near in Path(file).parent.glob("*.py")]
        fail(f"There is no Python file {file}.{nearest(file, neighbours)}")
    root, names = path.parent, [] if path.stem == "__init__" else [path.stem]
    while (root / "__init__.py").is_file():
        root, names = root.parent, [root.name, *names]
    _search_first(root)
    if len(names) > 1 or path.stem == "__init__":
        return _import_module(".".join(names))
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the file may raise any
        del sys.modules[path.stem]
        _fail_with_traceback(file, error)
    return module


def _fail_with_traceback(source: str, error: BaseException) -> NoReturn:
    """End the command with the traceback of the user's module, from its first line on."""
    print_traceback(error, skip=_FILES_OF_IMPORTS)
    fail(f"{source} cannot be imported.")


def _models_in(module: ModuleType) -> list[type[Model]]:
    classes = dict.fromkeys(value for value in vars(module).values() if isinstance(value, type))
    return [cls for cls in classes if issubclass(cls, Model) and not cls._meta.abstract]


def _own_models(module: ModuleType) -> list[type[Model]]:
    models = _models_in(module)
    own = f"{module.__name__}."
    return [model for model in models if f"{model.__module__}.".startswith(own)] or models


def _find_model(name: str, modules: Sequence[ModuleType], sources: Sequence[str]) -> type[Model]:
    values = [vars(module).get(name) for module in modules]
    models = [cls for cls in values if isinstance(cls, type) and issubclass(cls, Model)]
    if not models:
        names = [model.__name__ for module in modules for model in _models_in(module)]
        fail(f"There is no model {name!r} in {' or '.join(sources)}.{nearest(name, names)}")
    if models[0]._meta.abstract:
        fail(f"{name} is abstract, so it has no app. Name a model that inherits from it.")
    return models[0]


def _neighbours(missing: str) -> list[str]:
    """Return the names of the modules beside a missing module."""
    parent, _, _ = missing.rpartition(".")
    folders = getattr(sys.modules.get(parent), "__path__", []) if parent else [str(Path.cwd())]
    prefix = f"{parent}." if parent else ""
    return [f"{prefix}{module.name}" for module in pkgutil.iter_modules(folders)]
