"""The connection of a command, over HTTP: options before the environment before the file."""

from __future__ import annotations

import os
import sys

import pytest
import typer
from support import terminal
from typer.testing import CliRunner

from kintone_orm import Model, fields
from kintone_orm.api.apps import get_apps
from kintone_orm.apps import deploy
from kintone_orm.cli.connecting import configured, connected
from kintone_orm.cli.model_source import ModelsArgument
from kintone_orm.configuration import Configuration
from kintone_orm.connection import Connection, connect, connections
from kintone_orm.emulator import Emulator
from kintone_orm.exceptions import TransportError
from kintone_orm.testing import EmulatedConnection

serve = pytest.importorskip("kintone_orm.emulator.server").serve
in_a_terminal = pytest.mark.skipif(terminal.IS_MISSING, reason="needs a terminal")

program = typer.Typer()


class Note(Model):
    text = fields.SingleLineTextField()


@program.command()
@connected
def look(connection: Connection, number: int = 1) -> None:
    """Print the kintone and its apps."""
    assert connections["default"] is connection
    names = [app["name"] for app in get_apps(connection)["apps"]]
    typer.echo(f"{number} {connection.base_url} {' '.join(names)}")


@program.command()
@connected
def show(models: ModelsArgument, connection: Connection, configuration: Configuration) -> None:
    """Print the ids of the models' apps."""
    ids = {model.__name__: model._meta.app_id(connection) for model in models}
    typer.echo(" ".join([connection.base_url, str(ids), *configuration.models]))


@program.command()
@connected
def fail_so(connection: Connection, text: str) -> None:
    """Raise an error of the package."""
    raise TransportError(text)


@program.command()
@connected
def rest(connection: Connection) -> None:
    """Print the variables, and send no request."""
    variables = [f"{name}={value}" for name, value in os.environ.items() if "KINTONE_" in name]
    typer.echo("\n".join(["rested", *variables]))


@program.command()
@configured
def name(models: ModelsArgument) -> None:
    """Print the names of the models."""
    typer.echo(" ".join(model.__name__ for model in models))


MODELS = """
from kintone_orm import Model, fields

class Note(Model):
    text = fields.SingleLineTextField()

    class Meta:
        app = "notes"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working directory, an environment without kintone, and no connection."""
    for variable in [variable for variable in os.environ if variable.startswith("KINTONE_")]:
        monkeypatch.delenv(variable)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    known = set(sys.modules)
    before = {alias: connections[alias] for alias in connections}
    for alias in before:
        del connections[alias]
    yield tmp_path
    for alias in connections:
        del connections[alias]
    for connection in before.values():
        connections.add(connection)
    for module in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[module], "__file__", "")):
            del sys.modules[module]


@pytest.fixture(scope="module")
def kintone():
    """A kintone over HTTP, with an app."""
    emulator = Emulator(users={"sato": "hush-hush"})
    deploy(Note, using=EmulatedConnection(emulator, adapter=emulator.adapter()))
    with serve(emulator) as server:
        yield server.url
    emulator.close()


@pytest.fixture
def login(monkeypatch):
    monkeypatch.setenv("KINTONE_USERNAME", "sato")
    monkeypatch.setenv("KINTONE_PASSWORD", "hush-hush")


def run(*arguments):
    return CliRunner().invoke(program, arguments)


def output(*arguments):
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def refusal(*arguments):
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr.strip()


# Sources


def test_the_environment_names_the_kintone(kintone, login, monkeypatch):
    monkeypatch.setenv("KINTONE_BASE_URL", kintone)
    assert output("look") == f"1 {kintone} Note"


def test_an_option_comes_before_the_environment(kintone, login, monkeypatch):
    monkeypatch.setenv("KINTONE_BASE_URL", "https://other.cybozu.com")
    assert output("look", "--base-url", kintone, "--number", "2") == f"2 {kintone} Note"


@pytest.mark.parametrize(
    ("option", "value", "variable"),
    [
        ("--guest-space", "4", "KINTONE_GUEST_SPACE_ID"),
        ("--client-cert", "own.pem", "KINTONE_CLIENT_CERT"),
        ("--client-key", "own.key", "KINTONE_CLIENT_KEY"),
        ("--basic-auth-username", "proxy", "KINTONE_BASIC_AUTH_USERNAME"),
    ],
)
def test_each_option_is_a_variable_while_the_command_runs(monkeypatch, option, value, variable):
    monkeypatch.setenv(variable, "of the environment")
    assert output("rest", option, value).splitlines()[1:] == [f"{variable}={value}"]


def test_the_environment_comes_before_the_file(kintone, login, monkeypatch, folder):
    monkeypatch.setenv("KINTONE_BASE_URL", kintone)
    (folder / "kintone.toml").write_text('base_url = "https://other.cybozu.com"\n')
    assert output("look") == f"1 {kintone} Note"


def test_the_environment_is_as_before_afterwards(kintone, login):
    before = dict(os.environ)
    output("look", "--base-url", kintone, "--username", "sato")
    assert dict(os.environ) == before


def test_the_default_connection_is_as_before_afterwards(kintone, login):
    assert [*connections] == []
    output("look", "--base-url", kintone)
    assert [*connections] == []
    earlier = connect("https://earlier.cybozu.com", api_token="x")
    output("look", "--base-url", kintone)
    assert connections["default"] is earlier


def test_a_command_without_a_request_needs_no_kintone():
    assert output("rest") == "rested"


def test_without_a_kintone_the_option_is_named(login):
    assert refusal("look") == (
        "No kintone is named. Use --base-url https://example.cybozu.com, or KINTONE_BASE_URL."
    )


def test_without_credentials_the_variables_are_named(kintone):
    assert refusal("look", "--base-url", kintone) == (
        f"There are no credentials for {kintone}. Set KINTONE_USERNAME and KINTONE_PASSWORD, or "
        "KINTONE_API_TOKEN, in the environment or in a file for --env-file."
    )


def test_in_a_pipe_a_missing_password_is_not_asked_for(kintone):
    assert refusal("look", "--base-url", kintone, "--username", "sato") == (
        f"The password of sato at {kintone} is not known, and there is no terminal to ask for it. "
        "Set KINTONE_PASSWORD."
    )


def test_an_invalid_option_is_refused_in_a_sentence(login):
    assert "'base_url'" in refusal("look", "--base-url", "http://example.com")


# --env-file


def test_a_file_of_variables_comes_before_the_environment(kintone, monkeypatch, folder):
    monkeypatch.setenv("KINTONE_PASSWORD", "wrong")
    monkeypatch.setenv("KINTONE_BASE_URL", kintone)
    (folder / ".env").write_text("KINTONE_USERNAME=sato\nKINTONE_PASSWORD=hush-hush\n")
    assert output("look", "--env-file", ".env") == f"1 {kintone} Note"


def test_a_token_of_the_file_comes_before_a_password_of_the_environment(
    kintone, login, monkeypatch, folder
):
    monkeypatch.setenv("KINTONE_BASE_URL", kintone)
    (folder / ".env").write_text("KINTONE_API_TOKEN=token\n")
    assert "GAIA_" in refusal("look", "--env-file", ".env")  # apps.json takes no token


def test_the_file_of_another_kintone_gets_no_secret_of_the_environment(
    kintone, login, monkeypatch, folder
):
    monkeypatch.setenv("KINTONE_BASE_URL", "https://mine.cybozu.com")
    (folder / ".env").write_text(f"KINTONE_BASE_URL={kintone}\n")
    assert "There are no credentials" in refusal("look", "--env-file", ".env")


# A base URL of the configuration


SECRETS = {
    "KINTONE_PASSWORD": "hush-hush",
    "KINTONE_API_TOKEN": "hush-hush",
    "KINTONE_OAUTH_TOKEN": "hush-hush",
    "KINTONE_BASIC_AUTH_PASSWORD": "hush-hush",
    "KINTONE_CLIENT_CERT": "client.pem",
}


@pytest.mark.parametrize("variable", SECRETS)
@pytest.mark.parametrize("file", ["kintone.toml", "pyproject.toml", "other.toml"])
def test_in_a_pipe_a_file_draws_no_secret_to_its_kintone(
    kintone, monkeypatch, folder, file, variable
):
    monkeypatch.setenv(variable, SECRETS[variable])
    table = "[tool.kintone_orm]\n" if file == "pyproject.toml" else ""
    (folder / file).write_text(f'{table}base_url = "{kintone}"\n')
    if file == "other.toml":
        monkeypatch.setenv("KINTONE_CONFIG", file)
    assert refusal("look") == (
        f"{file} names the kintone {kintone}. Secrets of the environment are not sent to it "
        f"because of a file: use --base-url {kintone}, or set KINTONE_BASE_URL."
    )


def test_a_certificate_of_an_option_is_not_shown_to_it_either(kintone, folder):
    (folder / "kintone.toml").write_text(f'base_url = "{kintone}"\n')
    assert "are not sent to it" in refusal("look", "--client-cert", "client.pem")


def test_the_option_config_is_a_file_too(kintone, login, folder):
    (folder / "other.toml").write_text(f'base_url = "{kintone}"\n')
    assert "are not sent to it" in refusal("look", "--config", "other.toml")


def test_the_same_kintone_in_the_environment_needs_no_question(kintone, login, folder, monkeypatch):
    (folder / "kintone.toml").write_text(f'base_url = "{kintone}"\n')
    monkeypatch.setenv("KINTONE_BASE_URL", kintone)
    assert output("look") == f"1 {kintone} Note"


@in_a_terminal
@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_in_a_terminal_a_person_is_asked(kintone, login, folder, monkeypatch, capsys, answer, code):
    (folder / "kintone.toml").write_text(f'base_url = "{kintone}"\n')
    end, screen = terminal.call_in_terminal(
        monkeypatch, lambda: program(["look"], standalone_mode=False), answer
    )
    assert end == code
    assert f"kintone.toml names the kintone {kintone}. Send the credentials" in screen
    assert capsys.readouterr().out == (f"1 {kintone} Note\n" if code == 0 else "")


@in_a_terminal
def test_a_name_with_letters_that_look_like_others_is_asked_about_in_ascii(
    login, folder, monkeypatch
):
    (folder / "kintone.toml").write_text('base_url = "https://\u0435xample.cybozu.com"\n', "utf-8")
    end, screen = terminal.call_in_terminal(
        monkeypatch, lambda: program(["look"], standalone_mode=False), "n"
    )
    assert end == 1
    assert "cybozu.com (xn--xample-2of.cybozu.com)." in screen


# Models


def test_the_models_are_loaded_and_their_keys_come_from_the_file(kintone, login, folder):
    (folder / "models_of_connecting.py").write_text(MODELS)
    (folder / "kintone.toml").write_text('models = "models_of_connecting"\napps.notes = 5\n')
    assert output("show", "--base-url", kintone) == (
        f"{kintone} {{'Note': 5}} models_of_connecting"
    )


CONNECTING = MODELS + "from kintone_orm import connect\nconnect({arguments}apps={{'notes': 7}})\n"


def test_a_module_that_connects_has_its_own_connection(folder):
    (folder / "kintone.toml").write_text('base_url = "https://other.cybozu.com"\n')
    source = CONNECTING.format(arguments="'https://own.cybozu.com', api_token='x', ")
    (folder / "connecting_of_connecting.py").write_text(source)
    assert output("show", "connecting_of_connecting") == "https://own.cybozu.com {'Note': 7}"


def test_an_option_that_such_a_module_ignores_is_refused(folder):
    source = CONNECTING.format(arguments="'https://own.cybozu.com', api_token='x', ")
    (folder / "connecting_of_connecting.py").write_text(source)
    assert refusal("show", "connecting_of_connecting", "--username", "sato") == (
        "The module of the models calls connect(), so --username would have no effect. Name the "
        "kintone by --base-url, too."
    )


def test_a_named_kintone_comes_before_that_of_the_module(kintone, login, folder):
    source = CONNECTING.format(arguments="'https://own.cybozu.com', api_token='x', ")
    (folder / "connecting_of_connecting.py").write_text(source)
    (folder / "kintone.toml").write_text("apps.notes = 5\n")
    assert output("show", "connecting_of_connecting", "--base-url", kintone) == (
        f"{kintone} {{'Note': 5}}"
    )


@pytest.mark.parametrize("option", [[], ["--username", "sato"]])
def test_a_module_that_connects_to_the_named_kintone_keeps_its_keys(
    kintone, login, folder, monkeypatch, option
):
    monkeypatch.setenv("KINTONE_BASE_URL", kintone)
    (folder / "connecting_of_connecting.py").write_text(CONNECTING.format(arguments=""))
    assert output("show", "connecting_of_connecting", *option) == f"{kintone} {{'Note': 7}}"


def test_models_of_several_connections_are_refused(folder):
    source = CONNECTING.format(arguments="'https://own.cybozu.com', api_token='x', ")
    other = MODELS.replace("Note", "Old").replace("app =", "using = 'archive'\n        app =")
    (folder / "connecting_of_connecting.py").write_text(source + other)
    assert refusal("show", "connecting_of_connecting") == (
        "The models use several connections (archive, default). Name models of one connection, as "
        "in shop.models:Order."
    )


def test_a_command_without_a_connection_has_models_too(folder):
    (folder / "models_of_connecting.py").write_text(MODELS)
    (folder / "other.toml").write_text('models = "models_of_connecting.py"\n')
    assert output("name", "--config", "other.toml") == "Note"
    assert "Name a module of models" in refusal("name")


# Errors


def test_an_error_of_the_package_is_its_text(kintone, login):
    assert "No such app" in refusal("fail-so", "No such app.", "--base-url", kintone)


def test_a_secret_in_an_error_is_masked(kintone, login, monkeypatch):
    monkeypatch.setenv("KINTONE_API_TOKEN", "first, second")
    text = "The server says: hush-hush, second."
    assert "********, ********." in refusal("fail-so", text, "--base-url", kintone)


def test_an_invalid_configuration_is_refused_by_each_command(folder):
    (folder / "kintone.toml").write_text("password = 'hush'\n")
    for arguments in (["rest"], ["name"]):
        assert refusal(*arguments).startswith("kintone.toml: 'password' must not be in this file")
