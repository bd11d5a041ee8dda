"""Findings as workflow commands of GitHub Actions."""

from __future__ import annotations

import pytest

from kintone_orm import Model, fields
from kintone_orm.apps import Finding
from kintone_orm.apps.check import Report
from kintone_orm.cli.checking.annotations import annotate
from kintone_orm.exceptions import ImproperlyConfigured


class Odd(Model):
    name = fields.SingleLineTextField()


class Fileless(Model):
    name = fields.SingleLineTextField()


# As the class of an interactive session, it has no file.
Fileless.__module__ = "fileless"


def finding(model=Odd, *, is_drift=True, message="Odd.name: x", kind="type"):
    return Finding(model.__name__, 1, "name", "name", kind, is_drift, message)


def lines(*findings, errors=()):
    models = {("Odd", 1): Odd, ("Fileless", 1): Fileless}
    return list(annotate(Report(list(findings), list(errors), models)))


@pytest.fixture(autouse=True)
def repository(monkeypatch, request):
    """GitHub's folder of the repository."""
    monkeypatch.setenv("GITHUB_WORKSPACE", str(request.path.parents[3]))


def test_drift_is_an_error_and_information_a_notice():
    kinds = [line.partition(" ")[0] for line in lines(finding(), finding(is_drift=False))]
    assert kinds == ["::error", "::notice"]


def test_the_file_is_relative_to_the_repository(request):
    (line,) = lines(finding())
    source = request.path.read_text("utf-8").splitlines()
    number = source.index("class Odd(Model):") + 2
    file = "tests/cli/checking/test_annotations.py"
    assert line == f"::error file={file},line={number},title=kintone%3A type::Odd.name: x"


def test_a_file_outside_of_the_repository_keeps_its_path(request, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert f"file={request.path.as_posix()}," in lines(finding())[0]


def test_a_class_without_a_file_has_no_place():
    (line,) = lines(finding(Fileless, message="Fileless.name: x"))
    assert line == "::error title=kintone%3A type::Fileless.name: x"


def test_signs_of_the_command_are_escaped():
    (line,) = lines(finding(message="50%: a,\r\nb", kind="a:b,c%\r\n"))
    assert line.endswith("title=kintone%3A a%3Ab%2Cc%25%0D%0A::50%25: a,%0D%0Ab")


def test_an_error_is_an_annotation_without_a_place():
    (line,) = lines(errors=[ImproperlyConfigured("no\napp")])
    assert line == "::error title=kintone%3A not compared::no%0Aapp"


def test_the_log_obeys_no_control_character():
    (line,) = lines(errors=[ImproperlyConfigured("a\x1b[31m\nb")])
    assert line.endswith("::a\\x1b[31m%0Ab")
