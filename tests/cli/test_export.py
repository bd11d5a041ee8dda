"""kintone-orm emulator export: an emulator of the exported file has the same apps."""

from __future__ import annotations

import json

import pytest
from support.domain_files import app, shop


def test_it_is_written_into_a_file(export, tmp_path):
    path = tmp_path / "shop.json"
    result = export(shop(), "URL", "--output", str(path))
    assert (result.exit_code, result.stdout) == (0, "")
    assert list(json.loads(path.read_text("utf-8"))["apps"]) == ["Customers", "ORD"]


def test_a_file_that_cannot_be_written_ends_with_exit_code_2(export, tmp_path):
    result = export(app(), "URL", "--output", str(tmp_path / "no" / "domain.json"))
    assert result.exit_code == 2
    assert result.stderr.endswith("domain.json cannot be written: No such file or directory.\n")


@pytest.mark.parametrize(
    ("urls", "sentence"),
    [
        (["ftp://x.com"], "'ftp://x.com' is not the address of a kintone or of an app"),
        (["http://x.com/k/m/"], "'http://x.com/k/m/' is not the address of a kintone"),
        (["http://x.com", "http://y.com"], "all addresses must be of one kintone"),
    ],
)
def test_another_address_is_refused(export, urls, sentence):
    result = export(app(), *urls)
    assert result.exit_code == 2
    assert sentence in " ".join(result.output.split())


def test_a_kintone_that_cannot_be_read_is_told_in_a_sentence(export):
    result = export(app(), "URL/k/99/")
    assert result.exit_code == 2
    assert "cannot be read:" in result.output


def test_what_the_emulator_does_not_take_is_said(export, opened, monkeypatch):
    from kintone_orm.cli import export as module

    exported = module.Export({"apps": {"a": {"form": {"properties": {"x": {"type": "NEW"}}}}}})
    monkeypatch.setattr(module, "export_apps", lambda *_, **__: exported)
    result = export(app(), "URL")
    assert "The emulator refuses this domain file: The domain: apps.a.form" in result.stderr
    assert json.loads(result.stdout) == exported.domain
