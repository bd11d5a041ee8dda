"""inspect as a process: over HTTP, in a pipe, and the module that it writes in a program."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support.command import PACKAGE_ROOT, PATIENCE, run

emulate_live = pytest.importorskip("kintone_orm.testing.live").emulate_live

TEXT = {"type": "SINGLE_LINE_TEXT"}
CUSTOMERS = {
    "id": 101,
    "name": "顧客管理",
    "form": {
        "properties": {
            "顧客コード": {**TEXT, "unique": True, "required": True},
            "会社名": {**TEXT, "required": True},
            "備考": {"type": "MULTI_LINE_TEXT"},
        }
    },
}
DEALS = {
    "id": 102,
    "name": "案件管理",
    "form": {
        "properties": {
            "案件番号": TEXT,
            "顧客コード": {
                **TEXT,
                "lookup": {
                    "relatedApp": {"app": "customers"},
                    "relatedKeyField": "顧客コード",
                    "fieldMappings": [{"field": "会社名", "relatedField": "会社名"}],
                },
            },
            "会社名": TEXT,
        }
    },
}
DOMAIN = {"language": "ja", "apps": {"customers": CUSTOMERS, "deals": DEALS}}

PROGRAM = """
from kintone_orm import connect
import models

connect()
customer = models.顧客管理.objects.create(顧客コード="C-9001", 会社名="青空商店")
customer.備考 = "紹介"
customer.save()
deal = models.案件管理.objects.create(案件番号="D-1", 顧客コード="C-9001")
print(models.顧客管理._meta.app, customer.pk, models.案件管理.objects.get(pk=deal.pk).会社名)
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
        env={
            **os.environ,
            **environ,
            "PYTHONPATH": PACKAGE_ROOT,
            "PYTHONIOENCODING": "utf-8",
        },
        cwd=tmp_path,
    )
    assert program.stderr == ""
    key, number, company = program.stdout.split()
    assert f'"{key}" = 101' in (tmp_path / "kintone.toml").read_text("utf-8")
    assert company == "青空商店"
    record = kintone.request("GET", "record", {"app": 101, "id": number})["record"]
    assert record["備考"]["value"] == "紹介"


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
