"""What pytest prints of a failed test holds no secret, whatever its options are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.failing_programs import MORE, THIRTEEN
from support.markers import PASSWORD, find_markers

ROOT = Path(__file__).parents[2]
PROGRAMS = [*THIRTEEN, *MORE]
OPTIONS = [(), ("-l",), ("-l", "-vv"), ("-l", "-vv", "--tb=long")]
RUN = """
import os
import sys

import pytest

folder = sys.argv[1]
plain = ["-p", "no:cacheprovider", "-p", "no:xdist", f"--rootdir={folder}", "-c", os.devnull]
for number, options in enumerate([*OPTIONS, ()]):
    test = "test_program" if number < len(OPTIONS) else "test_that_shows_a_secret"
    file = f"{folder}/test_{number}.py"
    pytest.main([*options, *plain, "--log-level=DEBUG", f"{file}::{test}"])
    print("END OF A RUN", flush=True)
"""
# The number of the file decides which program gets which login.
TESTS = """
import pytest

pytest.register_assert_rewrite("support.failing_programs")

from support.failing_programs import MORE, THIRTEEN
from support.markers import LOGINS, PASSWORD

LOGIN_OF_EACH = [*LOGINS, *LOGINS][NUMBER % len(LOGINS):] * 9

@pytest.mark.parametrize(("program", "login"), [*zip([*THIRTEEN, *MORE], LOGIN_OF_EACH)])
def test_program(program, login):
    program(login)

def test_that_shows_a_secret():
    headers = {"X-Cybozu-Authorization": PASSWORD.encode()}
    assert not headers
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """All that pytest prints, with all lines of logs: with each of OPTIONS, then of a secret.

    The runs share a process, because most of the time is that of the imports.
    """
    folder = tmp_path_factory.mktemp("outputs")
    for number in range(len(OPTIONS) + 1):
        text = TESTS.replace("NUMBER", str(number))
        (folder / f"test_{number}.py").write_text(text)
    own = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("KINTONE_", "PYTEST_"))
    }
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    ran = subprocess.run(
        [sys.executable, "-c", RUN.replace("OPTIONS", repr(OPTIONS)), str(folder)],
        env={**own, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=240,
        check=True,
    )
    return ran.stdout.decode().split("END OF A RUN")[:-1]


@pytest.mark.parametrize(
    "number", range(len(OPTIONS)), ids=[" ".join(o) or "none" for o in OPTIONS]
)
def test_no_secret_is_printed(outputs: list[str], number: int) -> None:
    output = outputs[number]
    assert re.search(rf"=+ {len(PROGRAMS)} failed.* in ", output), output[-2000:]
    assert find_markers(output) == []


def test_a_secret_that_is_printed_would_be_found(outputs: list[str]) -> None:
    assert len(outputs) == len(OPTIONS) + 1
    assert find_markers(outputs[-1])
    assert PASSWORD not in outputs[-1]
