"""Created and updated times are shown to the minute, and compared with or without seconds."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from kintone_orm import Model, connections, fields
from kintone_orm.api.records import get_records
from kintone_orm.emulator import choices
from kintone_orm.testing import emulate
from kintone_orm.testing.clock import freeze

MINUTE = datetime(2026, 2, 6, 12, 59, tzinfo=timezone.utc)


class Task(Model):
    name = fields.SingleLineTextField()
    made = fields.CreatedTimeField("Created_datetime")
    updated = fields.UpdatedTimeField("Updated_datetime")


@pytest.fixture(params=[True, False], ids=["hidden seconds", "no seconds"])
def clock(request, monkeypatch):
    """The clock of a kintone that compares with the seconds that it hides, or does not."""
    monkeypatch.setattr(choices, "HIDDEN_SECONDS", request.param)
    with emulate(Task), freeze(MINUTE + timedelta(seconds=40)) as clock:
        yield clock


def names(queryset):
    return [task.name for task in queryset]


def test_a_record_is_found_by_its_own_time(clock):
    task = Task.objects.create(name="a")
    assert task.made == MINUTE
    assert names(Task.objects.filter(made=task.made)) == ["a"]
    assert names(Task.objects.filter(made__in=[task.made])) == ["a"]
    assert names(Task.objects.filter(made__lte=task.made)) == ["a"]
    assert names(Task.objects.filter(made__range=(task.made, task.made))) == ["a"]
    assert names(Task.objects.exclude(made=task.made)) == []
    assert names(Task.objects.filter(made__gt=task.made)) == []


def test_a_literal_with_seconds_is_compared_with_the_minute_that_is_shown(clock):
    Task.objects.create(name="a")
    thirty = MINUTE + timedelta(seconds=30)
    assert names(Task.objects.filter(made__lt=thirty)) == ["a"]
    assert names(Task.objects.filter(made__lte=thirty)) == ["a"]
    assert names(Task.objects.filter(made__gt=thirty)) == []
    assert names(Task.objects.filter(made__gte=thirty)) == []


def test_a_poll_gives_each_change_once(clock):
    seen, given = {}, []

    def poll():
        last = max((updated for _, updated in seen.values()), default=MINUTE)
        for task in Task.objects.filter(updated__gte=last):
            if seen.get(task.pk, (0,))[0] != task.revision:
                given.append(task.name)
                seen[task.pk] = task.revision, task.updated

    task = Task.objects.create(name="a")
    poll()
    poll()
    clock.tick(timedelta(seconds=10))  # in the same minute
    Task.objects.create(name="b")
    task.name = "c"
    task.save()
    poll()
    clock.tick(timedelta(minutes=5))
    poll()
    assert given == ["a", "c", "b"]


def test_the_seconds_are_not_shown(clock):
    Task.objects.create(name="a")
    app = Task._meta.app_id(connections.resolve(None))
    (record,) = get_records(connections.resolve(None), app=app, query="")["records"]
    assert record["Created_datetime"] == {"type": "CREATED_TIME", "value": "2026-02-06T12:59:00Z"}
    assert record["Updated_datetime"] == {"type": "UPDATED_TIME", "value": "2026-02-06T12:59:00Z"}
