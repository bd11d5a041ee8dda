"""The laws draw the same examples in each run, unless new ones are requested."""

from __future__ import annotations

import ast
from configparser import ConfigParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from support.examples import examples

ROOT = Path(__file__).parents[2]
ELSEWHERE = {ROOT / "tests/support/examples.py", Path(__file__)}


@pytest.fixture
def tox():
    parser = ConfigParser(interpolation=None)
    parser.read(ROOT / "tox.ini", encoding="utf-8")
    return parser


@pytest.fixture
def profile():
    """A function that loads a profile until the test ends."""
    before = settings.default
    yield settings.load_profile
    settings.register_profile("before", before)
    settings.load_profile("before")


@pytest.mark.parametrize("name", ["house", "tenth"])
def test_a_law_draws_the_same_examples_in_each_run(profile, name):
    profile(name)
    assert examples(60).derandomize
    assert settings.default.derandomize


def test_they_are_drawn_anew_when_asked_for(profile):
    profile("anew")
    assert not examples(60).derandomize
    assert not settings.default.derandomize


@pytest.mark.parametrize(("name", "drawn"), [("house", 60), ("tenth", 6), ("anew", 1200)])
def test_a_profile_takes_a_share_of_each_law_s_examples(profile, name, drawn):
    profile(name)
    assert examples(60).max_examples == drawn
    assert examples(3).max_examples >= 1


@pytest.mark.parametrize("name", ["house", "tenth", "anew"])
def test_a_slow_machine_is_no_failure(profile, name):
    profile(name)
    law = examples(60, without=(HealthCheck.function_scoped_fixture,))
    assert law.deadline is None
    assert HealthCheck.too_slow in law.suppress_health_check


def imports_settings(path):
    return any(
        alias.name == "settings"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "hypothesis"
        for alias in node.names
    )


def test_no_law_has_settings_of_its_own():
    paths = sorted(set((ROOT / "tests").rglob("*.py")) - ELSEWHERE)
    own = [str(path.relative_to(ROOT)) for path in paths if imports_settings(path)]
    assert own == [], "take examples() of tests/support/examples.py"


def test_one_environment_of_tox_runs_all_examples_and_the_others_a_tenth(tox):
    names = [name.strip() for name in tox["tox"]["env_list"].split(",")]
    all_of_them = []
    for name in names:
        section = f"testenv:{name}"
        commands = tox.get(section, "commands", fallback=None) or tox["testenv"]["commands"]
        if "pytest" in commands and "--hypothesis-profile=tenth" not in commands:
            all_of_them.append(name)
    assert all_of_them == ["min"]


def test_the_laws_are_drawn_anew_by_an_environment_of_their_own(tox):
    commands = tox["testenv:laws"]["commands"]
    assert commands.startswith("pytest -m hypothesis --hypothesis-profile=anew")
