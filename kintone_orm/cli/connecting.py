"""The decorators that give a command its models, its configuration and its connection.

The settings of the connection are options, else variables of the environment, else those of the
configuration file.
"""

from __future__ import annotations

import inspect
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from kintone_orm.cli.environment.command_connection import CommandConnection
from kintone_orm.cli.environment.options import (
    CONFIGURATION_OPTIONS,
    CONNECTION_OPTIONS,
    VARIABLES,
    setting_variables,
)
from kintone_orm.cli.environment.variables import BASE_URL, variable
from kintone_orm.cli.model_source import MODELS, ModelsArgument, load_models
from kintone_orm.cli.safe_text import without_secrets
from kintone_orm.cli.terminal import fail
from kintone_orm.configuration import Configuration, find_configuration
from kintone_orm.connection import Connection, connections
from kintone_orm.connection.registry import DEFAULT
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kintone_orm.models import Model

__all__ = ["configured", "connected"]


def configured(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option --config. Its parameter of ModelsArgument gets the models.

    A parameter `configuration` gets the Configuration. A KintoneORMError ends the command with exit
    code 2 and the error's text.
    """

    def run(**arguments: Any) -> None:
        options = _take_options(arguments, CONFIGURATION_OPTIONS)
        with setting_variables(options), _reporting_errors():
            _supply(command, arguments)
            command(**arguments)

    return _with_options(command, run, CONFIGURATION_OPTIONS)


def connected(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a connection, and the Connection as `connection`.

    Otherwise, do what `configured` does. The connection is registered as the default one while the
    command runs. If the module of the models calls connect(), and neither an option nor a variable
    names the kintone, it is the module's connection. It asks for a missing password, and for other
    settings that it cannot know, at its first request.
    """

    def run(**arguments: Any) -> None:
        options = _take_options(arguments, CONNECTION_OPTIONS)
        with setting_variables(options), _reporting_errors():
            configuration, models = _supply(command, arguments)
            with _registering_connection(options, configuration, models) as connection:
                command(connection=connection, **arguments)

    return _with_options(command, run, CONNECTION_OPTIONS)


def _with_options(
    command: Callable[..., None], run: Callable[..., None], options: Mapping[str, Any]
) -> Callable[..., None]:
    """Return `run` with the parameters that Typer reads: the command's own, and the options."""
    parameters = []
    for parameter in _parameters(command):
        if _is_models(parameter):
            text = Annotated[str | None, MODELS]
            parameters.append(parameter.replace(annotation=text, default=None))
        elif parameter.name not in ("connection", "configuration"):
            parameters.append(parameter)
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in options.items()
    ]
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


def _parameters(command: Callable[..., None]) -> list[inspect.Parameter]:
    """Return the parameters with evaluated annotations, in any order of their defaults.

    A command may import the names of the annotations below for types only.
    """
    names = {
        "Connection": Connection,
        "Configuration": Configuration,
        "ModelsArgument": ModelsArgument,
    }
    annotations = inspect.get_annotations(command, eval_str=True, locals=names)
    return [
        parameter.replace(kind=parameter.KEYWORD_ONLY, annotation=annotations[parameter.name])
        for parameter in inspect.signature(command).parameters.values()
    ]


def _is_models(parameter: inspect.Parameter) -> bool:
    return MODELS in getattr(parameter.annotation, "__metadata__", ())


def _take_options(arguments: dict[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the options from the arguments, and return those that have a value."""
    options = {name: arguments.pop(name) for name in names}
    return {name: value for name, value in options.items() if value is not None}


def _supply(
    command: Callable[..., None], arguments: dict[str, Any]
) -> tuple[Configuration, Sequence[type[Model]]]:
    """Add the models and the configuration to a command's arguments, and return them."""
    configuration = find_configuration(os.environ, Path())
    models: list[type[Model]] = []
    for parameter in _parameters(command):
        if _is_models(parameter):
            models = load_models(arguments[parameter.name], configuration)
            arguments[parameter.name] = models
        elif parameter.name == "configuration":
            arguments["configuration"] = configuration
    return configuration, models


@contextmanager
def _reporting_errors() -> Iterator[None]:
    """End the command with exit code 2 and the text of a KintoneORMError of the block."""
    try:
        yield
    except KintoneORMError as error:
        fail(without_secrets(str(error)))


@contextmanager
def _registering_connection(
    options: Mapping[str, Any], configuration: Configuration, models: Sequence[type[Model]]
) -> Iterator[Connection]:
    """Provide the connection of the command, which is the default one inside the block."""
    of_program = _connection_of_program(models)
    apps: dict[str, int] = {}
    if of_program is not None:
        unused = [f"--{name.replace('_', '-')}" for name in VARIABLES if name in options]
        if not variable(BASE_URL):
            if unused:
                fail(
                    f"The module of the models calls connect(), so {' and '.join(unused)} would "
                    "have no effect. Name the kintone by --base-url, too."
                )
            yield of_program
            return
        if of_program.base_url == parse_settings(base_url=variable(BASE_URL)).base_url:
            if not unused:
                yield of_program
                return
            apps = of_program.apps
    connection = CommandConnection(configuration, apps)
    before = [connections[alias] for alias in connections if alias == DEFAULT]
    connections.add(connection)
    try:
        yield connection
    finally:
        del connections[DEFAULT]
        for replaced in before:
            connections.add(replaced)


def _connection_of_program(models: Sequence[type[Model]]) -> Connection | None:
    """Return the connection that the module of the models has made, or None."""
    aliases = {model._meta.using or DEFAULT for model in models}
    made = [alias for alias in connections if not connections[alias].is_implicit]
    if not aliases & set(made):
        return None
    if len(aliases) > 1:
        fail(
            f"The models use several connections ({', '.join(sorted(aliases))}). Name models of "
            "one connection, as in shop.models:Order."
        )
    return connections[aliases.pop()]
