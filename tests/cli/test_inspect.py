from __future__ import annotations

import ast
import json

import pytest
from support.domain_files import app, shop
from typer.testing import CliRunner

from kintone_orm.api.form import get_form_fields
from kintone_orm.cli.main import app as commands
from kintone_orm.configuration import parse_toml
from kintone_orm.emulator import Emulator
from kintone_orm.testing import emulate

serve = pytest.importorskip("kintone_orm.emulator.server").serve


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The working directory, without settings of a kintone in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("BASE_URL", "USERNAME", "PASSWORD", "API_TOKEN", "GUEST_SPACE_ID", "CONFIG"):
        monkeypatch.delenv(f"KINTONE_{name}", raising=False)
    return tmp_path


@pytest.fixture
def kintone(opened):
    return opened(shop())


@pytest.fixture
def inspect(kintone, monkeypatch):
    """Run the command with a kintone, and return its result."""

    def inspect(*arguments, source=kintone, token=None):
        emulator = source if isinstance(source, Emulator) else Emulator.from_domain(source)
        if token:
            monkeypatch.setenv("KINTONE_API_TOKEN", token)
        else:
            monkeypatch.setenv("KINTONE_USERNAME", "sato")
            monkeypatch.setenv("KINTONE_PASSWORD", "secret")
        with serve(emulator) as server:
            monkeypatch.setenv("KINTONE_BASE_URL", server.url)
            return CliRunner().invoke(commands, ["inspect", *map(str, arguments)])

    return inspect


def models(text):
    """The app of each model in a module."""
    found = {}
    for cls in ast.parse(text).body:
        if isinstance(cls, ast.ClassDef) and ast.unparse(cls.bases[0]) == "Model":
            (meta,) = (inner for inner in cls.body if isinstance(inner, ast.ClassDef))
            (value,) = (
                line.value
                for line in meta.body
                if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "app"
            )
            found[cls.name] = ast.literal_eval(value)
    return found


def refusal(result):
    """The text of a failure, which wrote no module."""
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


# the apps


def test_the_module_has_the_apps_in_the_order_of_the_arguments(inspect):
    result = inspect(12, 1)
    assert (result.exit_code, result.stderr) == (0, "")
    assert list(models(result.stdout).values()) == [12, 1]


def test_the_header_names_the_command_and_no_secret(inspect):
    first, second, *_ = inspect("ORD", "--enums").stdout.splitlines()
    assert first == "# Written by kintone-orm inspect."
    assert second == "# kintone-orm inspect ORD --enums"


def test_without_an_app_all_apps_are_written(inspect):
    assert list(models(inspect().stdout).values()) == [1, 12]


def test_apps_are_chosen_by_name(inspect):
    assert list(models(inspect("--name", "customers").stdout).values()) == [1]


@pytest.mark.parametrize("arguments", [("",), (12, " "), ("--name", "")])
def test_a_blank_choice_is_not_an_app_without_an_app_code(inspect, arguments):
    assert "blank, perhaps from a variable" in refusal(inspect(*arguments))


def test_an_api_token_is_enough_for_ids(inspect, kintone):
    token = kintone.add_api_token(12, permissions=["view"])
    result = inspect(12, token=token)
    assert list(models(result.stdout).values()) == [12]
    assert "app 1" in result.stdout
    assert token not in result.output


@pytest.mark.parametrize("arguments", [(), ("ORD",), ("--name", "x"), ("--space", 1)])
def test_api_tokens_cannot_list_apps(inspect, kintone, arguments):
    token = kintone.add_api_token(12, permissions=["view"])
    assert "not to API tokens. Give the ids of the apps" in refusal(
        inspect(*arguments, token=token)
    )


def test_an_app_that_does_not_exist_is_named(inspect):
    assert refusal(inspect(12, 99)).startswith("App 99: ")


def test_an_app_of_a_guest_space_needs_the_option(inspect):
    file = {**app(space="shared"), "spaces": {"shared": {"guest": True}}}
    assert "--guest-space" in refusal(inspect(1, source=file))
    result = inspect(1, "--guest-space", 1, source=file)
    assert list(models(result.stdout).values()) == [1]
    assert "# kintone-orm inspect 1 --guest-space 1" in result.stdout.splitlines()


def test_a_part_that_may_not_be_read_is_a_remark_and_a_comment(inspect, kintone):
    token = kintone.add_api_token(12, permissions=["add"])
    result = inspect(12, token=token)
    assert result.exit_code == 0
    assert result.stderr.startswith("App 12: its app code cannot be read. ")
    assert "# App 12: its app code cannot be read. " in result.stdout
    assert "GAIA_NO01" in result.stderr
    assert inspect(12, token=token).stdout == result.stdout


@pytest.mark.parametrize("name", ['a"""b\\', "a\nimport os", "\u2028", "'", "{x}", "ｸﾗｽ\x00", "#"])
def test_a_name_with_odd_characters_is_a_text(inspect, name):
    file = app(name=name, form={"properties": {"f": {"type": "NUMBER", "label": name}}})
    result = inspect("--name", name[:1], source=file)
    assert list(models(result.stdout).values()) == [1]
    assert "import os" not in result.stdout.splitlines()


# files


def test_the_file_is_written_and_replaced(inspect, folder):
    result = inspect(12, "--output", "models.py")
    assert (result.exit_code, result.stdout) == (0, "")
    assert list(models((folder / "models.py").read_text("utf-8")).values()) == [12]
    inspect(1, "--output", "models.py")
    assert list(models((folder / "models.py").read_text("utf-8")).values()) == [1]


def test_the_module_is_the_same_on_every_run(inspect, folder):
    inspect(12, 1, "--output", "models.py")
    first = (folder / "models.py").read_text("utf-8")
    inspect(12, 1, "--output", "models.py")
    assert (folder / "models.py").read_text("utf-8") == first


def test_a_file_of_the_user_is_not_replaced(inspect, folder):
    (folder / "models.py").write_text("x = 1\n")
    message = refusal(inspect(12, "--output", "models.py"))
    assert message == (
        "models.py was not written by kintone-orm inspect, so it is not replaced. Delete it, or "
        "choose another file.\n"
    )
    assert (folder / "models.py").read_text() == "x = 1\n"


def test_a_folder_is_no_output(inspect):
    assert refusal(inspect(12, "--output", ".")) == ". is not a file.\n"


def test_one_file_cannot_be_output_and_names(inspect):
    message = refusal(inspect(12, "--output", "a.py", "--names", "./a.py"))
    assert message == "a.py is named twice. Name a file of its own for each.\n"


def test_the_configuration_cannot_be_output(inspect, folder):
    message = refusal(inspect(12, "--keys", "--names", "kintone.toml"))
    assert message == "kintone.toml is named twice. Name a file of its own for each.\n"
    assert list(folder.iterdir()) == []


def test_names_are_written_and_kept(inspect, folder):
    inspect(12, "--names", "names.toml")
    text = (folder / "names.toml").read_text("utf-8")
    tables = parse_toml(folder, text.encode())
    assert tables["apps"]["12"]["class"] == "Ord"
    (folder / "names.toml").write_text(text.replace('"Ord"', '"Bestellung"'), "utf-8")
    result = inspect(12, "--names", "names.toml")
    assert models(result.stdout) == {"Bestellung": 12}
    assert 'class = "Bestellung"' in (folder / "names.toml").read_text("utf-8")


def test_invalid_names_are_refused_with_their_file(inspect, folder):
    (folder / "names.toml").write_text("[apps")
    assert refusal(inspect(12, "--names", "names.toml")).startswith("names.toml: ")


# keys


def test_keys_are_written_into_a_new_configuration(inspect, folder):
    result = inspect(12, 1, "--keys")
    keys = models(result.stdout)
    assert all(isinstance(key, str) for key in keys.values())
    configuration = parse_toml(folder, (folder / "kintone.toml").read_bytes())
    assert [configuration["apps"][key] for key in keys.values()] == [12, 1]


def test_keys_of_the_configuration_are_used_and_its_text_is_kept(inspect, folder):
    text = 'base_url = "https://x.invalid"  # ours\n[apps]\nbooks = 12  # orders\nother = 99\n'
    (folder / "kintone.toml").write_text(text)
    result = inspect("books", 1, "--keys")
    assert (result.exit_code, result.stderr) == (0, "")
    book, key = models(result.stdout).values()
    assert book == "books"
    assert (folder / "kintone.toml").read_text("utf-8") == f"{text}{key} = 1\n"


def test_keys_are_added_to_a_configuration_that_begins_with_a_byte_order_mark(inspect, folder):
    (folder / "kintone.toml").write_text("\ufeff[apps]\nbooks = 12\n", "utf-8")
    result = inspect("books", 1, "--keys")
    assert (result.exit_code, result.stderr) == (0, "")
    _, key = models(result.stdout).values()
    assert (folder / "kintone.toml").read_text("utf-8") == f"\ufeff[apps]\nbooks = 12\n{key} = 1\n"


def test_keys_are_written_into_pyproject_if_it_is_the_configuration(inspect, folder):
    text = '[tool.kintone_orm]\nmodels = "shop"\n'
    (folder / "pyproject.toml").write_text(text)
    key = models(inspect(12, "--keys").stdout).popitem()[1]
    assert (folder / "pyproject.toml").read_text("utf-8") == (
        f"{text}\n[tool.kintone_orm.apps]\n{key} = 12\n"
    )
    assert not (folder / "kintone.toml").exists()


def test_a_key_of_another_app_is_not_used_again(inspect, folder):
    (folder / "kintone.toml").write_text("[apps]\nord = 99\n")
    key = models(inspect(12, "--keys").stdout).popitem()[1]
    text = (folder / "kintone.toml").read_text("utf-8")
    assert text == f"[apps]\nord = 99\n{key} = 12\n"


def test_a_key_of_names_that_names_another_app_is_refused(inspect, folder):
    (folder / "kintone.toml").write_text("[apps]\nord = 99\n")
    (folder / "names.toml").write_text('[apps.12]\nkey = "ord"\n')
    message = refusal(inspect(12, "--keys", "--names", "names.toml", "--output", "models.py"))
    assert message.startswith("kintone.toml: The key 'ord' already names the app 99, ")
    assert (folder / "kintone.toml").read_text("utf-8") == "[apps]\nord = 99\n"
    assert not (folder / "models.py").exists()


def test_without_keys_no_configuration_is_written(inspect, folder):
    inspect(12)
    assert list(folder.iterdir()) == []


# forms from files


def test_a_form_in_a_file_needs_no_kintone(folder):
    with emulate(domain=shop()) as kintone:
        answer = get_form_fields(kintone, app=12)
    (folder / "orders.json").write_text(json.dumps(answer), "utf-8")
    result = CliRunner().invoke(commands, ["inspect", "--form", "orders.json"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(models(result.stdout)) == 1


def test_a_domain_file_has_its_keys(folder):
    (folder / "domain.json").write_text(json.dumps(shop()), "utf-8")
    result = CliRunner().invoke(commands, ["inspect", "--form", "domain.json", "--keys"])
    assert list(models(result.stdout).values()) == ["orders", "customers"]


def test_apps_and_forms_may_be_mixed(inspect, folder):
    (folder / "form.json").write_text(
        '{"properties": {"a": {"type": "NUMBER", "code": "a", "label": "a"}}}'
    )
    result = inspect(12, "--form", "form.json")
    assert len(models(result.stdout)) == 2


def test_without_a_kintone_the_reason_is_a_sentence():
    result = CliRunner().invoke(commands, ["inspect", "12"])
    assert refusal(result).startswith("No kintone is named. ")


def test_a_wrong_password_is_a_sentence(inspect, monkeypatch, kintone):
    monkeypatch.setenv("KINTONE_USERNAME", "sato")
    monkeypatch.setenv("KINTONE_PASSWORD", "wrong")
    with serve(kintone) as server:
        result = CliRunner().invoke(commands, ["inspect", "12", "--base-url", server.url])
    assert refusal(result).startswith("App 12: ")
    assert "Traceback" not in result.stderr
