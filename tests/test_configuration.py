"""The configuration file: where it is, what it says, and what it must not say."""

from __future__ import annotations

import sys
import traceback

import pytest

from kintone_orm.configuration import Configuration, find_configuration
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.secrets import Secret

WHOLE = """
base_url = "https://Example.cybozu.com/k/"
models = "shop.models"

[apps]
orders = 12
"顧客" = 3
"""


def test_it_names_a_kintone_models_and_apps(tmp_path):
    path = tmp_path / "kintone.toml"
    path.write_text(WHOLE, "utf-8")
    assert find_configuration({}, tmp_path) == Configuration(
        path, "https://example.cybozu.com", ("shop.models",), {"orders": 12, "顧客": 3}
    )


def test_without_a_file_it_is_empty(tmp_path):
    assert find_configuration({}, tmp_path) == Configuration()


def test_a_parent_folder_is_not_searched(tmp_path):
    (tmp_path / "kintone.toml").write_text(WHOLE, "utf-8")
    (tmp_path / "inner").mkdir()
    assert find_configuration({}, tmp_path / "inner") == Configuration()


def test_the_file_of_a_windows_editor_is_read(tmp_path):
    text = WHOLE.replace("\n", "\r\n")
    (tmp_path / "kintone.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert find_configuration({}, tmp_path).apps["orders"] == 12


def test_a_table_of_pyproject_serves_too(tmp_path):
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.kintone_orm]\nmodels = ["a", "b.py"]\napps = { orders = 1 }\n')
    assert find_configuration({}, tmp_path) == Configuration(
        path, None, ("a", "b.py"), {"orders": 1}
    )


def test_kintone_toml_comes_before_pyproject(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.kintone_orm]\napps = { orders = 1 }\n")
    (tmp_path / "kintone.toml").write_text("[apps]\norders = 2\n")
    assert find_configuration({}, tmp_path).apps == {"orders": 2}


@pytest.mark.parametrize(
    "text", ["[tool.ruff]\n", "this is no TOML", "[project]\nname = 'kintone_orm_tools'\n"]
)
def test_the_pyproject_of_another_program_is_none(tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    assert find_configuration({}, tmp_path) == Configuration()


@pytest.mark.parametrize("name", ["other.toml", "inner/kintone.toml", "inner/pyproject.toml"])
def test_the_variable_comes_first(tmp_path, name):
    (tmp_path / "inner").mkdir()
    (tmp_path / "kintone.toml").write_text("[apps]\norders = 2\n")
    table = "[tool.kintone_orm.apps]" if name.endswith("pyproject.toml") else "[apps]"
    (tmp_path / name).write_text(f"{table}\norders = 5\n")
    for value in (name, str(tmp_path / name)):
        environ = {"KINTONE_CONFIG": value}
        assert find_configuration(environ, tmp_path).apps == {"orders": 5}


def problem(tmp_path, text, name="kintone.toml", environ=None):
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(ImproperlyConfigured) as error:
        find_configuration(environ or {}, tmp_path)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("base_url = 3", "'base_url' must be a text"),
        ('base_url = "http://example.com"', "would send the credentials unencrypted. Use https."),
        ('base_url = "https://me:hush@example.com"', "'base_url' contains a user's name or a pass"),
        ("models = 3", "'models' must be the name of a module or of a Python file"),
        ('models = [""]', "'models' must be the name"),
        ("apps = 3", "'apps' must be a table of keys and ids, such as orders = 12."),
        ("apps.orders = 0", "'apps.orders' must be the id of an app: a whole number above 0"),
        ("apps.orders = true", "'apps.orders' must be the id"),
        ('apps.orders = "12"', "'apps.orders' must be the id"),
        ("model = 'a'", "There is no setting 'model'. Did you mean 'models'?"),
        ("color = 'a'", "There is no setting 'color'. The settings are base_url, models, apps."),
        ("apps = ", "The file is not valid TOML: "),
    ],
)
def test_a_mistake_names_file_key_and_fix(tmp_path, text, sentence):
    message = problem(tmp_path, text)
    assert message.startswith(f"{tmp_path / 'kintone.toml'}: ")
    assert sentence in message


def test_a_mistake_in_pyproject_has_the_whole_key(tmp_path):
    message = problem(tmp_path, "[tool.kintone_orm]\napps.orders = 0\n", "pyproject.toml")
    assert "'tool.kintone_orm.apps.orders' must be the id of an app" in message
    message = problem(tmp_path, "[tool.kintone_orm]\nbase_url = 'x y'\n", "pyproject.toml")
    assert "'tool.kintone_orm.base_url' has no valid host or port" in message
    message = problem(tmp_path, "[tool]\nkintone_orm = 3\n", "pyproject.toml")
    assert "'tool.kintone_orm' must be a table." in message


@pytest.mark.parametrize(
    ("key", "variable"),
    [
        ("password", "KINTONE_PASSWORD"),
        ("api_token", "KINTONE_API_TOKEN"),
        ("API-Tokens", "KINTONE_API_TOKEN"),
        ("oauth_token", "KINTONE_OAUTH_TOKEN"),
        ("basic_auth", "KINTONE_BASIC_AUTH_PASSWORD"),
        ("username", "KINTONE_USERNAME"),
        ("client_cert", "KINTONE_CLIENT_CERT"),
        ("client_key", "KINTONE_CLIENT_KEY"),
    ],
)
def test_a_secret_is_refused_by_name_and_not_shown(tmp_path, key, variable):
    secret = Secret("hush-hush")  # not in this frame of the traceback
    (tmp_path / "kintone.toml").write_text(f'{key} = "{secret}"\n')
    with pytest.raises(ImproperlyConfigured) as error:
        find_configuration({}, tmp_path)
    frames = traceback.TracebackException.from_exception(error.value, capture_locals=True)
    shown = "".join(frames.format())
    assert f"'{key}' must not be in this file" in shown
    assert f"set the variable {variable} in the environment" in shown
    assert "hush-hush" not in shown.replace('Secret("hush-hush")', "")


def test_a_file_of_the_variable_must_exist(tmp_path):
    with pytest.raises(ImproperlyConfigured, match=r"none\.toml' does not exist"):
        find_configuration({"KINTONE_CONFIG": "none.toml"}, tmp_path)


def test_a_pyproject_of_the_variable_must_have_the_table(tmp_path):
    environ = {"KINTONE_CONFIG": "pyproject.toml"}
    message = problem(tmp_path, "[tool.ruff]\n", "pyproject.toml", environ)
    assert "has no table [tool.kintone_orm]" in message


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "kintone.toml").mkdir()
    with pytest.raises(ImproperlyConfigured, match="cannot be read: "):
        find_configuration({}, tmp_path)


def test_another_encoding_is_refused(tmp_path):
    (tmp_path / "kintone.toml").write_bytes('[apps]\n"顧客" = 1\n'.encode("cp932"))
    with pytest.raises(ImproperlyConfigured, match="is not encoded in UTF-8"):
        find_configuration({}, tmp_path)


def test_without_a_parser_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tomllib", None)
    monkeypatch.setitem(sys.modules, "tomli", None)
    message = problem(tmp_path, WHOLE)
    assert "Run pip install 'kintone-orm[cli]'" in message


def test_without_a_parser_the_pyproject_of_another_program_is_no_mistake(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tomllib", None)
    monkeypatch.setitem(sys.modules, "tomli", None)
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\n")
    assert find_configuration({}, tmp_path) == Configuration()
