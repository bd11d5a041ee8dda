"""The official command line, unchanged."""

from __future__ import annotations

import csv
import os
import subprocess

import pytest
from support.plain_kintone import options

if "KINTONE_ORM_NODE_MODULES" not in os.environ:
    pytest.skip("tox run -e javascript", allow_module_level=True)

TEXT = {"type": "SINGLE_LINE_TEXT"}
NUMBER = {"type": "NUMBER"}
FILE = {"type": "FILE"}

ORDERS = """\
*,code,total,tags,papers,lines,item,qty,scan
*,o1,120,"A
B",offer/見積.txt,,pen,10,scans/pen.txt
,o1,120,"A
B",offer/見積.txt,,ink,2,
*,o2,,,,,nib,1,
"""
PAPERS = {"offer/見積.txt": "一式", "scans/pen.txt": "a pen"}


@pytest.fixture
def app(kintone):
    return kintone.new_app(
        {
            "code": {**TEXT, "unique": True},
            "total": NUMBER,
            "tags": {"type": "CHECK_BOX", "options": options("A", "B")},
            "papers": FILE,
            "lines": {"type": "SUBTABLE", "fields": {"item": TEXT, "qty": NUMBER, "scan": FILE}},
        }
    )


@pytest.fixture
def run(url, node_modules, app, tmp_path):
    """Run `cli-kintone record` on the app, with a password or with an API token."""
    command = node_modules / ".bin" / "cli-kintone"

    def run(subcommand, *arguments, token=None):
        login = ["--api-token", token] if token else ["--username", "sato", "--password", "secret"]
        return subprocess.run(
            [command, "record", subcommand, "--base-url", url, "--app", str(app), *login]
            + list(arguments),
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def load(run, tmp_path):
    """Import a CSV file and return the command's output and if it succeeded."""

    def load(content, *arguments):
        (tmp_path / "in.csv").write_text(content, encoding="utf-8")
        return run("import", "--file-path", "in.csv", *arguments)

    return load


@pytest.fixture
def orders(load, tmp_path):
    """Two orders, imported with their attachments and the rows of their subtable."""
    for path, content in PAPERS.items():
        paper = tmp_path / "attached" / path
        paper.parent.mkdir(parents=True)
        paper.write_text(content, encoding="utf-8")
    done = load(ORDERS, "--attachments-dir", "attached")
    assert done.returncode == 0, done.stderr


def exported(done):
    """The rows of the CSV that an export printed."""
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(done.stdout.splitlines(keepends=True)))


def test_records_are_imported_with_attachments_and_a_subtable(kintone, app, orders):
    assert sorted(kintone.find(app)) == [1, 2]
    first, second = kintone.read(app, 1), kintone.read(app, 2)
    assert (first["total"], first["tags"]) == ("120", ["A", "B"])
    assert [paper["name"] for paper in first["papers"]] == ["見積.txt"]
    rows = [{code: cell["value"] for code, cell in row["value"].items()} for row in first["lines"]]
    assert [(row["item"], row["qty"]) for row in rows] == [("pen", "10"), ("ink", "2")]
    assert [[scan["name"] for scan in row["scan"]] for row in rows] == [["pen.txt"], []]
    assert (second["total"], second["tags"], len(second["lines"])) == ("", [], 1)


def test_what_was_imported_is_exported(run, orders, tmp_path):
    rows = exported(run("export", "--attachments-dir", "out"))
    columns = ["*", "code", "total", "tags", "item", "qty"]
    assert [[row[column] for column in columns] for row in rows] == [
        ["*", "o1", "120", "A\nB", "pen", "10"],
        ["", "o1", "120", "A\nB", "ink", "2"],
        ["*", "o2", "", "", "nib", "1"],
    ]
    papers = [rows[0]["papers"], rows[0]["scan"]]
    contents = [(tmp_path / "out" / paper).read_text(encoding="utf-8") for paper in papers]
    assert contents == list(PAPERS.values())


def test_what_was_exported_is_imported_again(run, load, kintone, app, orders):
    table = run("export", "--attachments-dir", "out", "--condition", 'code = "o1"').stdout
    before = kintone.read(app, 1)
    done = load(table, "--attachments-dir", "out", "--update-key", "Record_number")
    assert done.returncode == 0, done.stderr
    after = kintone.read(app, 1)
    assert after["$revision"] == "2"
    assert [row["id"] for row in after["lines"]] == [row["id"] for row in before["lines"]]
    assert [paper["name"] for paper in after["papers"]] == ["見積.txt"]


def test_an_export_in_another_order_goes_through_a_cursor(run, kintone, app):
    body = {"app": app, "records": [{"total": {"value": n}} for n in range(100)]}
    kintone.ok("POST", "records.json", body)
    kintone.ok("POST", "records.json", body)
    rows = exported(run("export", "--order-by", "total desc", "--fields", "total"))
    assert [row["total"] for row in rows] == [str(n) for n in reversed(range(100)) for _ in "ab"]


def test_an_import_by_key_changes_what_is_there_and_adds_the_rest(load, kintone, app):
    kintone.add(app, code="o1", total=1)
    done = load("code,total\no1,10\no2,20\n,30\n,40\n", "--update-key", "code")
    assert done.returncode == 0, done.stderr
    records = [kintone.read(app, number) for number in sorted(kintone.find(app))]
    assert [(record["code"], record["total"]) for record in records] == [
        ("o1", "10"),
        ("o2", "20"),
        ("", "30"),
        ("", "40"),
    ]


def test_a_refused_row_is_named(load, kintone, app):
    done = load("code,total\no1,10\no2,many\n")
    assert done.returncode == 1
    assert "An error occurred on total at row 3" in done.stderr
    assert kintone.find(app) == []


def test_records_are_deleted(run, emulator, kintone, app, tmp_path):
    for _ in range(3):
        kintone.add(app)
    (tmp_path / "doomed.csv").write_text("Record_number\n1\n3\n", encoding="utf-8")
    token = emulator.add_api_token(app, permissions=["view", "delete"])
    done = run("delete", "--file-path", "doomed.csv", "--yes", token=token)
    assert done.returncode == 0, done.stderr
    assert kintone.find(app) == [2]
