"""The switch that compares created and updated times with hidden seconds."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from kintone_orm import Model, Raw, fields
from kintone_orm.emulator import choices
from kintone_orm.testing import emulate
from kintone_orm.testing.clock import freeze


class Task(Model):
    name = fields.SingleLineTextField()
    made = fields.CreatedTimeField("Created_datetime")
    updated = fields.UpdatedTimeField("Updated_datetime")


@pytest.fixture
def clock():
    with emulate(Task), freeze(datetime(2026, 2, 6, 12, 59, 40, tzinfo=timezone.utc)) as clock:
        yield clock


def found(condition):
    return [task.name for task in Task.objects.filter(Raw(condition))]


def test_times_are_compared_as_they_are_shown(clock):
    Task.objects.create(name="a")
    assert found('Created_datetime = "2026-02-06T12:59:00Z"') == ["a"]
    assert found('Updated_datetime > "2026-02-06T12:59:00Z"') == []


def test_they_are_compared_with_their_seconds_if_so_chosen(clock, monkeypatch):
    monkeypatch.setattr(choices, "HIDDEN_SECONDS", True)
    Task.objects.create(name="a")
    assert found('Created_datetime = "2026-02-06T12:59:00Z"') == []
    assert found('Created_datetime > "2026-02-06T12:59:39Z"') == ["a"]
    assert found('Created_datetime <= "2026-02-06T12:59:40Z"') == ["a"]


def test_an_update_hides_its_own_seconds(clock, monkeypatch):
    monkeypatch.setattr(choices, "HIDDEN_SECONDS", True)
    task = Task.objects.create(name="a")
    clock.move_to(datetime(2026, 2, 6, 12, 59, 50, tzinfo=timezone.utc))
    task.name = "b"
    task.save()
    assert found('Updated_datetime > "2026-02-06T12:59:45Z"') == ["b"]
    assert found('Created_datetime > "2026-02-06T12:59:45Z"') == []


def test_they_are_sorted_by_their_seconds(clock, monkeypatch):
    monkeypatch.setattr(choices, "HIDDEN_SECONDS", True)
    Task.objects.create(name="a")
    clock.move_to(datetime(2026, 2, 6, 12, 59, 20, tzinfo=timezone.utc))
    Task.objects.create(name="b")
    assert [task.name for task in Task.objects.order_by("updated")] == ["b", "a"]


def test_records_from_before_the_choice_have_no_hidden_seconds(clock, monkeypatch):
    Task.objects.create(name="a")
    monkeypatch.setattr(choices, "HIDDEN_SECONDS", True)
    assert found('Created_datetime = "2026-02-06T12:59:00Z"') == ["a"]
