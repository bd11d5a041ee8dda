"""A field that was never assigned is left to kintone, which fills in the app's own default."""

from __future__ import annotations

import copy

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.api.form import update_form_fields
from kintone_orm.exceptions import ValidationError
from kintone_orm.testing import assert_requests, capture_requests, emulate

TAGS = ["a", "b"]


class Line(Row):
    item = fields.SingleLineTextField()
    tags = fields.CheckBoxField("row_tags", choices=TAGS)


class Memo(Model):
    number = fields.SingleLineTextField(unique=True)
    tags = fields.CheckBoxField(choices=TAGS)
    lines = fields.SubtableField(Line)


@pytest.fixture
def memos():
    with emulate(Memo) as connection:
        app = connection.apps["memo"]
        default = {"type": "CHECK_BOX", "defaultValue": ["a"]}
        table = {"type": "SUBTABLE", "fields": {"row_tags": default}}
        update_form_fields(connection, app=app, properties={"tags": default, "lines": table})
        deploy_apps(connection, apps=[{"app": app}])
        while get_deploy_status(connection, apps=[app])["apps"][0]["status"] == "PROCESSING":
            pass
        yield connection


def test_a_list_that_was_merely_read_is_not_sent(memos):
    memo = Memo(number="1")
    assert ("b" in memo.tags, memo.changed_fields().keys()) == (False, {"number"})
    memo.save()

    assert memo.tags == ["a"]


def test_a_list_that_was_read_before_the_first_save_is_the_records(memos):
    memo = Memo(number="1")
    tags = memo.tags
    memo.save()
    assert memo.tags is tags
    tags.append("b")
    memo.save()

    assert Memo.objects.get().tags == ["a", "b"]


def test_a_list_that_was_filled_after_the_save_is_what_the_program_sees(memos):
    memo = Memo(number="1")
    tags = memo.tags
    memo.save()
    tags.append("b")
    with assert_requests(1):
        memo.save()

    assert Memo.objects.get().tags == ["b"]


def test_a_record_that_is_deleted_and_made_again_leaves_to_kintone_what_it_left(memos):
    memo = Memo(number="1")
    tags = memo.tags
    for _ in range(2):
        memo.save()
        memo.delete()
    memo.save()
    assert memo.tags is tags
    assert tags == ["a"]


def test_what_an_upsert_found_is_lost_if_it_is_deleted_unread(memos):
    Memo.objects.create(number="1", tags=["b"])
    memo = Memo(number="1")
    Memo.objects.bulk_create([memo], update_conflicts=True, unique_fields=["number"])
    memo.delete()

    with pytest.raises(Memo.DoesNotExist, match="before the value of tags, lines was read"):
        memo.save()


@pytest.mark.parametrize("read_first", [False, True])
def test_an_empty_list_that_was_assigned_is_sent(memos, read_first):
    memo = Memo(number="1")
    if read_first:
        assert memo.tags == []
    memo.tags = []
    memo.save()

    assert Memo.objects.get().tags == []


def test_an_upsert_does_not_empty_a_list_that_was_merely_read(memos):
    Memo.objects.create(number="1", tags=["b"])
    memo = Memo(number="1")
    assert memo.tags == []
    Memo.objects.bulk_create([memo], update_conflicts=True, unique_fields=["number"])

    assert Memo.objects.get().tags == ["b"]


def test_a_list_that_was_read_before_an_upsert_does_not_replace_what_it_found(memos):
    Memo.objects.create(number="1", tags=["b"])
    memo = Memo(number="1")
    tags = memo.tags
    Memo.objects.bulk_create([memo], update_conflicts=True, unique_fields=["number"])
    tags.append("a")

    with pytest.raises(Memo.Conflict):
        memo.save()


@pytest.mark.parametrize(
    "read",
    [
        lambda line: line.tags,
        lambda line: line == Line(item="x"),
        lambda line: copy.deepcopy(line).tags,
    ],
)
def test_a_list_in_a_new_row_that_was_merely_read_is_not_sent(memos, read):
    line = Line(item="x")
    read(line)
    memo = Memo(number="1", lines=[line])
    with capture_requests(memos) as requests:
        memo.save()

    (sent,) = requests[0].params["record"]["lines"]["value"]
    assert sent == {"value": {"item": {"value": "x"}}}
    assert line.tags == ["a"]
    line.tags.clear()
    memo.save()
    assert Memo.objects.get().lines[0].tags == []


def test_a_list_in_a_new_row_that_was_read_before_the_save_is_the_rows(memos):
    line = Line(item="x")
    tags = line.tags
    memo = Memo(number="1", lines=[line])
    memo.save()
    assert line.tags is tags
    tags.append("b")
    memo.save()
    assert Memo.objects.get().lines[0].tags == ["a", "b"]


@pytest.mark.parametrize("save_first", [False, True])
def test_a_list_in_a_new_row_that_is_filled_is_sent(memos, save_first):
    line = Line(item="x")
    tags = line.tags
    memo = Memo(number="1", lines=[line])
    if save_first:
        memo.save()
    tags.append("b")
    memo.save()
    assert Memo.objects.get().lines[0].tags == ["b"]


def test_a_list_in_a_new_row_that_is_added_to_stays_the_same(memos):
    line = Line(item="x")
    tags = line.tags
    line.tags += ["b"]
    assert line.tags is tags
    assert repr(line) == "Line(item='x', tags=['b'])"


def test_a_list_in_a_new_row_that_was_filled_is_shown():
    line = Line()
    line.tags.append("b")
    assert repr(line) == "Line(tags=['b'])"


def test_what_is_wrong_in_a_list_that_was_merely_read_is_told(memos):
    line = Line(item="x")
    line.tags.append("c")
    with pytest.raises(ValidationError, match=r"lines\[0\].tags"):
        Memo(number="1", lines=[line]).save()


def test_an_empty_list_that_was_assigned_to_a_new_row_is_sent(memos):
    line = Line(item="x")
    assert line.tags == []
    line.tags = []
    Memo(number="1", lines=[line, Line(tags=[])]).save()

    assert [line.tags for line in Memo.objects.get().lines] == [[], []]


def test_a_duplicate_leaves_to_kintone_what_was_left_to_it(memos):
    memo = Memo(number="1", lines=[Line(item="x")])
    assert (memo.tags, memo.lines[0].tags) == ([], [])
    memo.duplicate(number="2").save()

    again = Memo.objects.get()
    assert (again.tags, again.lines[0].tags) == (["a"], ["a"])
