"""App keys that `connect(apps=...)` does not name come from the configuration file."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kintone_orm import Model, fields
from kintone_orm.apps import deploy
from kintone_orm.connection import Connection
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.settings import parse_settings
from kintone_orm.testing import emulate

live = pytest.importorskip("kintone_orm.testing.live")


class ConfiguredNote(Model):
    text = fields.SingleLineTextField()

    class Meta:
        app = "notes"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working directory."""
    monkeypatch.delenv("KINTONE_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def a_connection(**arguments):
    settings = parse_settings(base_url="https://example.cybozu.com", api_token="hush")
    return Connection(settings, **arguments)


def write(apps="notes = 5"):
    Path("kintone.toml").write_text(f"[apps]\n{apps}\n")


def test_a_key_of_the_file_is_known(folder):
    connection = a_connection()
    write()
    assert connection.app_id("notes") == 5
    assert connection.apps == {}


def test_a_key_of_the_program_comes_first(folder):
    write()
    connection = a_connection(apps={"notes": 7})
    assert connection.app_id("notes") == 7
    connection.apps["notes"] = 8
    assert connection.app_id("notes") == 8


def test_a_broken_file_is_no_mistake_for_a_program_that_names_its_apps(folder):
    Path("kintone.toml").write_text("password = 'x'")
    assert a_connection(apps={"notes": 7}).app_id("notes") == 7
    with pytest.raises(ImproperlyConfigured, match="'password' must not be in this file"):
        a_connection().app_id("notes")


def test_the_file_is_read_once_for_a_connection(folder):
    write()
    connection = a_connection()
    assert connection.app_id("notes") == 5
    write("notes = 6")
    assert connection.app_id("notes") == 5
    assert a_connection().app_id("notes") == 6


def test_threads_read_it_together(folder):
    write()
    connection = a_connection()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(connection.app_id, ["notes"] * 100)) == {5}


def test_an_unknown_key_has_the_file_as_a_way_out(folder):
    write("orders = 3")
    with pytest.raises(ImproperlyConfigured) as error:
        a_connection(apps={"customers": 4}).app_id("notes")
    assert str(error.value) == (
        "Connection 'default' does not know the app 'notes' (known: customers, orders). "
        "Use connect(..., apps={'notes': <its id>}), or write notes = <its id> under [apps] in "
        "kintone.toml."
    )


def test_a_key_that_is_no_bare_key_of_toml_is_quoted_in_the_advice(folder):
    with pytest.raises(ImproperlyConfigured, match='or write "顧客" = <its id> under'):
        a_connection().app_id("顧客")


def test_an_emulator_does_not_get_the_ids_of_the_file(folder):
    write()
    with emulate() as connection:
        with pytest.raises(ImproperlyConfigured, match=r"apps=\{'notes': <its id>\}\)\.$"):
            connection.app_id("notes")
        assert deploy(ConfiguredNote, using=connection) == {"notes": 1}


def test_an_emulator_over_http_does_not_get_them_either(folder):
    write()
    with live.emulate_live() as connection:
        assert connection.find_app("notes") is None


def test_records_and_deploy_use_the_app_of_the_file(folder):
    with live.emulate_live(ConfiguredNote) as emulated:
        app = emulated.apps["notes"]
        write(f"notes = {app}")
        username, password = emulated.emulator.credentials
        connection = Connection(
            parse_settings(base_url=emulated.base_url, username=username, password=password)
        )
        note = ConfiguredNote.objects.using(connection).create(text="kept")
        assert ConfiguredNote.objects.get(pk=note.pk).text == "kept"
        assert deploy(ConfiguredNote, using=connection) == {"notes": app}
        assert connection.usage().by_app == {app: connection.usage().total}
        connection.close()


def test_it_is_not_imported_before_it_is_needed():
    code = (
        "import sys, kintone_orm; kintone_orm.connect('https://a.cybozu.com', apps={'a': 1})"
        ".app_id('a'); print({'kintone_orm.configuration', 'tomllib', 'tomli'} & {*sys.modules})"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("set()\n", "")


def test_the_known_apps_are_those_of_the_program_and_of_the_file_once_it_was_read(folder):
    write("notes = 5\norders = 6")
    connection = a_connection(apps={"notes": 7})
    assert connection.known_apps == {"notes": 7}
    connection.find_app("orders")
    assert connection.known_apps == {"notes": 7, "orders": 6}
