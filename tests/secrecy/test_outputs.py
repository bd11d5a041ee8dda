"""What pytest prints of a failed test holds no secret, whatever its options are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.failing_programs import MORE, THIRTEEN
from support.markers import LOGINS, PASSWORD, find_markers

ROOT = Path(__file__).parents[2]
PROGRAMS = [*THIRTEEN, *MORE]
TESTS = """
import pytest

pytest.register_assert_rewrite("support.failing_programs")

from support.failing_programs import MORE, THIRTEEN
from support.markers import LOGINS, PASSWORD

LOGIN_OF_EACH = [*LOGINS, *LOGINS][{shift}:] * 9

@pytest.mark.parametrize(("program", "login"), [*zip([*THIRTEEN, *MORE], LOGIN_OF_EACH)])
def test_program(program, login):
    program(login)

def test_that_shows_a_secret():
    headers = {{"X-Cybozu-Authorization": PASSWORD.encode()}}
    assert not headers
"""


def run_pytest(folder: Path, test: str, *options: str, shift: int = 0) -> str:
    """Run one of TESTS with pytest, and return all that it prints, with all lines of logs.

    `shift` decides which program gets which login.
    """
    file = folder / "test_failing.py"
    file.write_text(TESTS.format(shift=shift))
    own = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("KINTONE_", "PYTEST_"))
    }
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    command = [sys.executable, "-m", "pytest", *options, "--log-level=DEBUG", f"{file}::{test}"]
    plain = ["-p", "no:cacheprovider", "-p", "no:xdist", f"--rootdir={folder}"]
    ran = subprocess.run(
        [*command, *plain, "-c", os.devnull],
        env={**own, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    return (ran.stdout + ran.stderr).decode()


OPTIONS = [(), ("-l",), ("-l", "-vv"), ("-l", "-vv", "--tb=long")]


@pytest.mark.parametrize(("shift", "options"), [*enumerate(OPTIONS)])
def test_no_secret_is_printed(tmp_path: Path, shift: int, options: tuple[str, ...]) -> None:
    output = run_pytest(tmp_path, "test_program", *options, shift=shift % len(LOGINS))
    assert re.search(rf"=+ {len(PROGRAMS)} failed in ", output), output[-2000:]
    assert find_markers(output) == []


def test_a_secret_that_is_printed_would_be_found(tmp_path: Path) -> None:
    output = run_pytest(tmp_path, "test_that_shows_a_secret")
    assert find_markers(output)
    assert PASSWORD not in output
