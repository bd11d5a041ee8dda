"""The page for people in a real browser: `tox run -e browser`."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

serve = pytest.importorskip("kintone_orm.emulator.server").serve

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = [
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--dump-dom",
]
NASTY = "<img src=x onerror=alert(1)>"

pytestmark = [
    pytest.mark.skipif("KINTONE_ORM_BROWSER" not in os.environ, reason="tox run -e browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
def shown(kintone, emulator, tmp_path):
    """The page as the browser understood it, and what it had to say about it."""
    app = kintone.new_app({"名前": {"type": "SINGLE_LINE_TEXT", "label": NASTY}}, name="Customers")
    kintone.add(app)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium insists, for root
    profile = f"--user-data-dir={tmp_path}"
    with serve(emulator) as server:
        said = subprocess.run(
            [CHROMIUM, *OPTIONS, *sandbox, profile, server.url],
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=True,
        )
    return said.stdout, said.stderr


def test_the_browser_shows_it_all_and_has_no_complaint(shown):
    page, complaints = shown
    assert "<strong>Customers</strong>" in page
    assert "<code>名前</code>" in page
    assert "app 1, 1 record<" in page
    assert "<img" not in page
    # A style that the page's own policy forbids would be told here.
    assert [line for line in complaints.splitlines() if "CONSOLE" in line] == []
