"""kintone-orm check as a process, against a kintone over HTTP."""

from __future__ import annotations

import pytest
from support.changed_forms import change_field
from support.command import run

from kintone_orm import Model, fields

emulate_live = pytest.importorskip("kintone_orm.testing.live").emulate_live

MODELS = """
from kintone_orm import Model, fields


class City(Model):
    name = fields.SingleLineTextField("都市名")
"""


class City(Model):
    name = fields.SingleLineTextField("都市名")


@pytest.fixture(scope="module")
def kintone():
    with emulate_live(City) as connection:
        yield connection


@pytest.fixture
def check(kintone, tmp_path):
    """Run the command in a folder with the models and their kintone.toml."""
    (tmp_path / "cities.py").write_text(MODELS, "utf-8")
    app = kintone.apps["city"]
    (tmp_path / "kintone.toml").write_text(f'models = "cities"\n[apps]\ncity = {app}\n', "utf-8")
    username, password = kintone.emulator.credentials
    environ = {
        "KINTONE_BASE_URL": kintone.base_url,
        "KINTONE_USERNAME": username,
        "KINTONE_PASSWORD": password,
        "COLUMNS": "60",
        "NO_COLOR": "1",
    }

    def check(*arguments, **more):
        return run("check", *arguments, environ={**environ, **more}, folder=tmp_path)

    return check


def test_the_exit_code_tells_drift_from_a_fit(kintone, check):
    result = check()
    assert (result.returncode, result.stderr) == (0, "")
    change_field(kintone, kintone.apps["city"], "都市名", label="Belém", required=True)
    result = check(PYTHONIOENCODING="cp932")
    assert (result.returncode, result.stderr) == (1, "")
    lines = result.stdout.splitlines()
    assert lines[0] == f"City (app {kintone.apps['city']})"
    assert [line[:14] for line in lines[1:3]] == ["  drift  name:", "  info   name:"]
    assert lines[-1] == "Drift: 1. Information: 1."


def test_a_wrong_password_is_exit_code_2(kintone, check):
    result = check("--json", KINTONE_PASSWORD="wrong")
    assert result.returncode == 2
    assert result.stderr.startswith(f"City (app {kintone.apps['city']}): ")
    assert result.stderr.count("\n") == 1
    assert '"errors": [' in result.stdout
