"""The connection of a command: options, else the environment, else the configuration file.

While a command runs, its options are variables of the environment, so that `connect()` in the
user's own modules sees them, too.
"""

from __future__ import annotations

import inspect
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from kintone_orm.cli.env_file import read_env_file
from kintone_orm.cli.model_source import MODELS, ModelsArgument, load_models
from kintone_orm.cli.terminal import ask, ask_secret, fail, is_interactive
from kintone_orm.configuration import Configuration, find_configuration
from kintone_orm.connection import Connection, connections
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.settings import PartialSettings, parse_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kintone_orm.models import Model
    from kintone_orm.settings import Settings

__all__ = ["configured", "connected", "without_secrets"]

_DEFAULT: Final = "default"
_CONFIG: Final = "KINTONE_CONFIG"
_BASE_URL: Final = "KINTONE_BASE_URL"
# A login of each kind: kintone uses the first kind that there is.
_LOGINS: Final = (
    ("KINTONE_USERNAME", "KINTONE_PASSWORD"),
    ("KINTONE_API_TOKEN",),
    ("KINTONE_OAUTH_TOKEN",),
)
# Variables that a stranger's kintone must not get.
_SECRETS: Final = (
    "KINTONE_PASSWORD",
    "KINTONE_API_TOKEN",
    "KINTONE_OAUTH_TOKEN",
    "KINTONE_BASIC_AUTH_PASSWORD",
    "KINTONE_CLIENT_CERT",
)

_CONFIGURATION_OPTIONS: Final[dict[str, Any]] = {
    "config": Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The configuration.  [default: KINTONE_CONFIG, kintone.toml, pyproject.toml]",
        ),
    ],
}
_CONNECTION_OPTIONS: Final[dict[str, Any]] = {
    "base_url": Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The kintone, such as https://example.cybozu.com.  [default: KINTONE_BASE_URL]",
        ),
    ],
    "username": Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The login name. The password is KINTONE_PASSWORD, or asked for.  "
            "[default: KINTONE_USERNAME]",
        ),
    ],
    "guest_space": Annotated[
        int | None,
        typer.Option(
            min=1, metavar="ID", help="The guest space.  [default: KINTONE_GUEST_SPACE_ID]"
        ),
    ],
    "client_cert": Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="A client certificate (PEM).  [default: KINTONE_CLIENT_CERT]"
        ),
    ],
    "client_key": Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Its key, if that is in another file.  [default: KINTONE_CLIENT_KEY]",
        ),
    ],
    "basic_auth_username": Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The user of Basic authentication. The password is KINTONE_BASIC_AUTH_PASSWORD, "
            "or asked for.  [default: KINTONE_BASIC_AUTH_USERNAME]",
        ),
    ],
    "env_file": Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Lines such as KINTONE_PASSWORD=..., used before the environment.",
        ),
    ],
    **_CONFIGURATION_OPTIONS,
}
_VARIABLES: Final = {
    "base_url": _BASE_URL,
    "username": "KINTONE_USERNAME",
    "guest_space": "KINTONE_GUEST_SPACE_ID",
    "client_cert": "KINTONE_CLIENT_CERT",
    "client_key": "KINTONE_CLIENT_KEY",
    "basic_auth_username": "KINTONE_BASIC_AUTH_USERNAME",
}


def configured(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option --config. Its parameter of ModelsArgument gets the models.

    A parameter `configuration` gets the Configuration. A KintoneORMError ends the command with exit
    code 2 and the error's text.
    """

    def run(**arguments: Any) -> None:
        options = _take_options(arguments, _CONFIGURATION_OPTIONS)
        with _as_environment(options), _reporting_errors():
            _supply(command, arguments)
            command(**arguments)

    return _with_options(command, run, _CONFIGURATION_OPTIONS)


def connected(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a connection, and the Connection as `connection`.

    Otherwise, do what `configured` does. The connection is registered as the default one while the
    command runs. If the module of the models calls connect(), and neither an option nor a variable
    names the kintone, it is the module's connection. It asks for a missing password, and for other
    settings that it cannot know, at its first request.
    """

    def run(**arguments: Any) -> None:
        options = _take_options(arguments, _CONNECTION_OPTIONS)
        with _as_environment(options), _reporting_errors():
            configuration, models = _supply(command, arguments)
            with _registering_connection(options, configuration, models) as connection:
                command(connection=connection, **arguments)

    return _with_options(command, run, _CONNECTION_OPTIONS)


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
def _as_environment(options: Mapping[str, Any]) -> Iterator[None]:
    """Put the options and the lines of --env-file into the environment, inside the block."""
    before = dict(os.environ)
    try:
        if "env_file" in options:
            _prefer(read_env_file(options["env_file"]))
        for name, variable in _VARIABLES.items():
            if name in options:
                os.environ[variable] = str(options[name])
        if "config" in options:
            os.environ[_CONFIG] = options["config"]
        yield
    finally:
        for variable in {*os.environ, *before}:
            if variable.startswith("KINTONE_"):
                os.environ.pop(variable, None)
                if variable in before:
                    os.environ[variable] = before[variable]


def _prefer(lines: Mapping[str, str]) -> None:
    """Let these variables replace those of the environment that serve the same purpose.

    A token of the file would lose against a password of the environment. And the environment of
    another kintone keeps its secrets.
    """
    if lines.get(_BASE_URL, os.environ.get(_BASE_URL)) != os.environ.get(_BASE_URL):
        others = [name for name in os.environ if name.startswith("KINTONE_") and name != _CONFIG]
    else:
        kinds = [kind for kind in _LOGINS if lines.keys() & set(kind)]
        others = [name for kind in _LOGINS if kinds and kind not in kinds for name in kind]
    for name in others:
        os.environ.pop(name, None)
    os.environ.update(lines)


@contextmanager
def _reporting_errors() -> Iterator[None]:
    try:
        yield
    except KintoneORMError as error:
        fail(without_secrets(str(error)))


def without_secrets(text: str) -> str:
    """Return the text without secrets of the environment. A server may send them back."""
    for name in _SECRETS[:-1]:
        for secret in os.environ.get(name, "").split(","):
            if secret.strip():
                text = text.replace(secret.strip(), "********")
    return text


@contextmanager
def _registering_connection(
    options: Mapping[str, Any], configuration: Configuration, models: Sequence[type[Model]]
) -> Iterator[Connection]:
    """Provide the connection of the command, which is the default one inside the block."""
    of_program = _connection_of_program(models)
    apps: dict[str, int] = {}
    if of_program is not None:
        unused = [f"--{name.replace('_', '-')}" for name in _VARIABLES if name in options]
        if not _variable(_BASE_URL):
            if unused:
                fail(
                    f"The module of the models calls connect(), so {' and '.join(unused)} would "
                    "have no effect. Name the kintone by --base-url, too."
                )
            yield of_program
            return
        if of_program.base_url == parse_settings(base_url=_variable(_BASE_URL)).base_url:
            if not unused:
                yield of_program
                return
            apps = of_program.apps
    connection = _CommandConnection(configuration, apps)
    before = [connections[alias] for alias in connections if alias == _DEFAULT]
    connections.add(connection)
    try:
        yield connection
    finally:
        del connections[_DEFAULT]
        for replaced in before:
            connections.add(replaced)


def _connection_of_program(models: Sequence[type[Model]]) -> Connection | None:
    """Return the connection that the module of the models has made, or None."""
    aliases = {model._meta.using or _DEFAULT for model in models}
    made = [alias for alias in connections if not connections[alias].is_implicit]
    if not aliases & set(made):
        return None
    if len(aliases) > 1:
        fail(
            f"The models use several connections ({', '.join(sorted(aliases))}). Name models of "
            "one connection, as in shop.models:Order."
        )
    return connections[aliases.pop()]


class _CommandConnection(Connection):
    """A connection that looks for its settings at its first request, and asks a person for some."""

    def __init__(self, configuration: Configuration, apps: Mapping[str, int]) -> None:
        super().__init__(PartialSettings(), apps={**configuration.apps, **apps})
        self._configuration = configuration
        self._is_complete = False

    @property
    def settings(self) -> Settings:
        """The settings of the environment, which is completed by the configuration."""
        if not self._is_complete:
            with self._lock:
                if not self._is_complete:
                    _complete_environment(self._configuration)
                    self._is_complete = True
        return super().settings


def _complete_environment(configuration: Configuration) -> None:
    """Add the base URL of the configuration, and passwords that a person gives."""
    if not _variable(_BASE_URL):
        os.environ[_BASE_URL] = _base_url_of(configuration)
    host = parse_settings(base_url=_variable(_BASE_URL)).base_url
    for user, password in (
        ("KINTONE_USERNAME", "KINTONE_PASSWORD"),
        ("KINTONE_BASIC_AUTH_USERNAME", "KINTONE_BASIC_AUTH_PASSWORD"),
    ):
        if _variable(user) and not _variable(password):
            question = f"The password of {_variable(user)} at {host}"
            os.environ[password] = ask_secret(question, otherwise=f"Set {password}.")
    if not any(_variable(name) for kind in _LOGINS for name in kind):
        fail(
            f"There are no credentials for {host}. Set KINTONE_USERNAME and KINTONE_PASSWORD, or "
            "KINTONE_API_TOKEN, in the environment or in a file for --env-file."
        )


def _base_url_of(configuration: Configuration) -> str:
    """Return the base URL of the file, if the secrets of the environment may be sent there.

    A file that comes with a program must not draw them to a stranger.
    """
    url = configuration.base_url
    if url is None:
        fail("No kintone is named. Use --base-url https://example.cybozu.com, or KINTONE_BASE_URL.")
    if any(_variable(name) for name in _SECRETS):
        question = f"{configuration.path} names the kintone {url}."
        if not is_interactive():
            fail(
                f"{question} Secrets of the environment are not sent to it because of a file: "
                f"use --base-url {url}, or set KINTONE_BASE_URL."
            )
        if not ask(f"{question} Send the credentials of the environment to it?"):
            raise SystemExit(1)
    return url


def _variable(name: str) -> str:
    return os.environ.get(name, "").strip()
