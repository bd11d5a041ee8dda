"""inspect as a process: over HTTP, in a pipe, and the module that it writes in a program."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support.command import PATIENCE, run
from support.ten_apps import DOMAIN

emulate_live = pytest.importorskip("kintone_orm.testing.live").emulate_live

PROGRAM = """
from kintone_orm import connect
import models

connect()
deal = models.Deal.objects.order_by("案件番号")[0]
customer = models.Customer.objects.get(顧客コード=deal.顧客コード)
customer.備考 = "程序"
customer.save()
print(models.Customer._meta.app, customer.pk, deal.会社名 == customer.会社名)
"""


@pytest.fixture(scope="module")
def kintone():
    with emulate_live(domain=DOMAIN) as connection:
        yield connection


@pytest.fixture
def environ(kintone):
    username, password = kintone.emulator.credentials
    return {
        "KINTONE_BASE_URL": kintone.base_url,
        "KINTONE_USERNAME": username,
        "KINTONE_PASSWORD": password,
    }


def test_apps_become_a_module_that_reads_and_saves_records(kintone, environ, tmp_path):
    result = run(
        *("inspect", "101", "102", "--keys", "--output", "models.py"),
        environ=environ,
        folder=tmp_path,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    program = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
        env={**os.environ, **environ, "PYTHONIOENCODING": "utf-8"},
        cwd=tmp_path,
    )
    assert program.stderr == ""
    key, number, is_linked = program.stdout.split()
    assert f"{key} = 101" in (tmp_path / "kintone.toml").read_text("utf-8")
    assert is_linked == "True"
    record = kintone.request("GET", "record", {"app": 101, "id": number})["record"]
    assert record["備考"]["value"] == "程序"


def test_in_a_pipe_the_module_is_in_utf_8_with_any_encoding(environ, tmp_path):
    environ["PYTHONIOENCODING"] = "cp932"
    result = run("inspect", "101", environ=environ, folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "顧客コード = fields." in result.stdout


def test_what_cannot_be_read_is_a_sentence_and_exit_code_2(environ, tmp_path):
    result = run("inspect", "101", "999", "--output", "m.py", environ=environ, folder=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("App 999: ")
    assert list(tmp_path.iterdir()) == []
