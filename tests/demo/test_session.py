from __future__ import annotations

import io

import pytest
from rich.console import Console

from kintone_orm import Model, fields
from kintone_orm.demo.script import Example
from kintone_orm.demo.session import Session
from kintone_orm.testing import emulate


class Town(Model):
    name = fields.SingleLineTextField()
    people = fields.IntegerField()


@pytest.fixture
def run():
    """Run lines of Python with two towns in kintone, and return the printed lines."""
    with emulate(Town) as connection:
        Town.objects.bulk_create([Town(name="Ayr", people=1234), Town(name="Bath")])
        console = Console(file=io.StringIO(), width=80, markup=False, highlight=False)
        session = Session(console, connection, {"Town": Town})

        def run(*lines, shown=("name", "people")):
            start = console.file.tell()
            session.run(Example("Towns", "\n".join(lines), shown))
            console.file.seek(start)
            return [line.rstrip() for line in console.file.read().splitlines()]

        yield run


def test_records_are_shown_below_their_statement_and_its_request(run):
    assert run('Town.objects.filter(name="Ayr")') == [
        "# Towns",
        '>>> Town.objects.filter(name="Ayr")',
        '  GET records.json  name = "Ayr" order by $id asc limit 500',
        " id   name   people",
        "────────────────────",
        "  1   Ayr     1,234",
        "",
    ]


def test_a_value_is_shown_as_text(run):
    assert "2" in run("Town.objects.count()")


def test_requests_that_are_alike_are_counted(run):
    lines = run("for town in Town.objects.all():", "    Town.objects.count()")
    assert sum("(2 times)" in line for line in lines) == 1


def test_a_statement_of_several_lines_is_shown_with_dots(run):
    lines = run("try:", "    1 / 0", "except ZeroDivisionError:", "    print('no')")
    assert lines[1:5] == [
        ">>> try:",
        "...     1 / 0",
        "... except ZeroDivisionError:",
        "...     print('no')",
    ]
    assert "no" in lines


def test_names_are_kept_for_the_next_example(run):
    run("name = 'Ayr'")
    assert "1" in run("Town.objects.filter(name=name).count()")


def test_no_more_than_five_records_are_shown(run):
    lines = run(
        "_ = Town.objects.bulk_create([Town(name=str(n)) for n in range(6)])",
        "Town.objects.all()",
    )
    assert "  ... and 3 more" in lines


def test_a_write_is_shown_with_the_fields_that_it_carries(run):
    lines = run("town = Town.objects.first()", "town.people = 5", "town.save()")
    assert "  PUT record.json  people (revision 1)" in lines


def test_what_an_example_does_not_catch_is_raised(run):
    with pytest.raises(ZeroDivisionError):
        run("1 / 0")
