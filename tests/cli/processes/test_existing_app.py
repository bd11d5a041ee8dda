"""A story: an app that somebody else made, from its first inspection to a change behind its back.

Each command is a process, and talks over HTTP with the kintone where the app is.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest
from support.changed_forms import change_field
from support.command import PACKAGE_ROOT, PATIENCE, run

emulate_live = pytest.importorskip("kintone_orm.testing.live").emulate_live

APP = 42
RECORDS = 3_000
TEXT = {"type": "SINGLE_LINE_TEXT"}
FIELDS = {
    "会員番号": {**TEXT, "required": True, "unique": True, "maxLength": "10"},
    "氏名": {**TEXT, "required": True},
    "電話番号": {"type": "LINK", "protocol": "CALL"},
    "入会日": {"type": "DATE", "required": True, "defaultNowValue": True},
    "区分": {
        "type": "DROP_DOWN",
        "required": True,
        "options": {name: {"label": name, "index": str(at)} for at, name in enumerate("ABC")},
    },
    "ポイント": {"type": "NUMBER", "minValue": "0", "defaultValue": "0"},
    "利用履歴": {
        "type": "SUBTABLE",
        "fields": {"利用日": {"type": "DATE"}, "金額": {"type": "NUMBER"}},
    },
    **{f"文字列__1行__{number}": {**TEXT, "label": f"項目{number}"} for number in range(33)},
}
DOMAIN = {
    "language": "ja",
    "apps": {
        "members": {
            "id": APP,
            "name": "会員名簿",
            "form": {"properties": FIELDS},
            "records": [
                {
                    "会員番号": f"M{number:05}",
                    "氏名": f"会員{number}",
                    "電話番号": "0312345678",
                    "区分": "ABC"[number % 3],
                    "ポイント": str(number),
                }
                for number in range(RECORDS)
            ],
        }
    },
}
INSPECT = ("inspect", str(APP), "--keys", "--names", "names.toml", "--output", "club.py")
NAMES = (
    ("会員番号", "number"),
    ("氏名", "name"),
    ("電話番号", "phone"),
    ("区分", "kind"),
    ("ポイント", "points"),
)
FINE = "Drift: 0. Information: 0. The models fit their apps.\n"
PROGRAM = """
from kintone_orm import connect
from club import Member

connect()
for member in Member.objects.filter(points__gte=2998).order_by("number"):
    member.phone = "0398765432"
    member.kind = "D"
    member.save()
Member.objects.create(number="M09999", name="新会員", kind="D", phone="0311112222")
print(Member.objects.count(), Member.objects.filter(kind="D").count())
"""


class Office:
    """The folder of a program, whose commands talk with kintone. It counts their requests."""

    def __init__(self, kintone, folder, log):
        username, password = kintone.emulator.credentials
        self.folder, self._log = folder, log
        self._environ = {
            "KINTONE_BASE_URL": kintone.base_url,
            "KINTONE_USERNAME": username,
            "KINTONE_PASSWORD": password,
            "NO_COLOR": "1",
            "PYTHONIOENCODING": "utf-8",
        }

    def run(self, *arguments):
        """Run a command; return its exit code, its output and its number of requests."""
        before = len(self._log.records)
        result = run(*arguments, environ=self._environ, folder=self.folder)
        assert result.stderr == ""
        return result.returncode, result.stdout, len(self._log.records) - before

    def run_program(self, text):
        """Run a program; return its output and its number of requests."""
        before = len(self._log.records)
        environ = {**os.environ, **self._environ, "PYTHONPATH": PACKAGE_ROOT}
        result = subprocess.run(
            [sys.executable, "-c", text],
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
            env=environ,
            cwd=self.folder,
        )
        assert result.stderr == ""
        return result.stdout, len(self._log.records) - before

    def line_of(self, beginning):
        """Return the number of the line in the models that begins so."""
        lines = (self.folder / "club.py").read_text("utf-8").splitlines()
        return 1 + [line.strip().startswith(beginning) for line in lines].index(True)

    def edit(self, file, replacements):
        """Replace texts in a file, each of which it contains once."""
        path = self.folder / file
        text = path.read_text("utf-8")
        for old, new in replacements.items():
            assert text.count(old) == 1
            text = text.replace(old, new)
        path.write_text(text, "utf-8")


def test_an_app_of_somebody_else_becomes_models_that_stay_true(tmp_path, caplog):
    caplog.set_level(logging.INFO, "kintone_orm.emulator.journal")
    with emulate_live(domain=DOMAIN) as kintone:
        office = Office(kintone, tmp_path, caplog)

        # Its first models have the names of the form. The owner of the program edits some of them.
        assert office.run(*INSPECT) == (0, "", 4)
        office.edit(
            "names.toml", {f'"{code}" = "{code}"': f'"{code}" = "{name}"' for code, name in NAMES}
        )
        office.edit("names.toml", {'class = "会員名簿"': 'class = "Member"'})
        assert office.run(*INSPECT) == (0, "", 4)
        assert office.run("check", "club") == (0, FINE, 2)

        # Somebody renames a field and adds an option. Each report says so.
        change_field(kintone, APP, "電話番号", code="連絡先")
        more = {"D": {"label": "D", "index": "3"}}
        change_field(kintone, APP, "区分", options=lambda options: options | more)
        code, text, requests = office.run("check", "club")
        assert (code, requests) == (1, 2)
        assert [line[:15] for line in text.splitlines()[1:3]] == [
            "  drift  phone:",
            "  drift  kind: ",
        ]
        assert "If '連絡先' is its new code, write LinkField('連絡先', ...)." in text
        code, text, requests = office.run("check", "club", "--json")
        assert (code, requests) == (1, 2)
        report = json.loads(text)
        assert (report["drift"], report["information"], report["errors"]) == (2, 1, [])
        fields = [(finding["field"], finding["code"]) for finding in report["findings"]]
        assert fields == [("phone", "電話番号"), ("kind", "区分"), ("", "連絡先")]
        code, text, requests = office.run("check", "club", "--github")
        assert (code, requests) == (1, 2)
        places = [line.partition(",title=")[0] for line in text.splitlines()]
        assert places == [
            f"::error file=club.py,line={office.line_of('phone = ')}",
            f"::error file=club.py,line={office.line_of('kind = ')}",
            f"::notice file=club.py,line={office.line_of('class Member')}",
        ]

        # The names stay, also that of the renamed field, once its entry has the new code.
        office.edit("names.toml", {'"電話番号" = "phone"': '"連絡先" = "phone"'})
        assert office.run(*INSPECT) == (0, "", 4)
        assert 'phone = fields.LinkField("連絡先"' in (tmp_path / "club.py").read_text("utf-8")
        assert office.run("check", "club") == (0, FINE, 2)

        # Records are read and saved through the models.
        query = ("query", "club:Member", "points__gte=2998", "--order", "-points")
        code, text, requests = office.run(*query, "--format", "json")
        assert (code, requests) == (0, 1)
        assert [record["phone"] for record in json.loads(text)] == ["0312345678"] * 2
        output, requests = office.run_program(PROGRAM)
        # A query, the form, two saves, a new record and two counts.
        assert (output, requests) == (f"{RECORDS + 1} 3\n", 7)
