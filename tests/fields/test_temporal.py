from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from support.models.one_of_each import Thing

from kintone_orm import Model, Row, fields
from kintone_orm.connection import Connection, override
from kintone_orm.exceptions import FieldError
from kintone_orm.settings import PartialSettings
from kintone_orm.testing import emulate

UTC = timezone.utc
TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
NOON = datetime(2024, 2, 6, 12, 59, tzinfo=UTC)
EARLY = datetime(999, 1, 1, tzinfo=UTC)


@pytest.fixture
def in_zone():
    """The current connection inside a `with` block, with a time zone."""
    return lambda zone: override(Connection(PartialSettings(), timezone=zone))


@pytest.mark.parametrize(
    ("name", "wire", "value", "written"),
    [
        ("due", "2024-02-06", date(2024, 2, 6), "2024-02-06"),
        ("due", "0999-12-31", date(999, 12, 31), "0999-12-31"),
        ("due", None, None, None),
        ("due", "", None, None),
        ("opens", "09:05", time(9, 5), "09:05"),
        ("opens", "00:00", time(0), "00:00"),
        ("opens", None, None, None),
        ("opens", "", None, None),
        ("start", "2024-02-06T12:59:00Z", NOON, "2024-02-06T12:59:00Z"),
        ("start", "2024-02-06T21:59:00+09:00", NOON, "2024-02-06T12:59:00Z"),
        ("start", "2024-02-06T21:59:00+0900", NOON, "2024-02-06T12:59:00Z"),
        ("start", "2024-02-06T12:59Z", NOON, "2024-02-06T12:59:00Z"),
        ("start", "0999-01-01T00:00:00Z", EARLY, "0999-01-01T00:00:00Z"),
        ("start", "", None, None),
        ("start", None, None, None),
        ("created", "2024-02-06T12:59:00Z", NOON, "2024-02-06T12:59:00Z"),
        ("updated", "2024-02-06T12:59:00Z", NOON, "2024-02-06T12:59:00Z"),
    ],
)
def test_the_forms_of_a_moment(name, wire, value, written):
    field = Thing._meta.get_field(name)
    assert field.to_python(wire) == value
    assert field.to_api(value) == written
    assert field.to_literal(value) == (f'"{written}"' if written else '""')


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("due", "2024-02-30"),
        ("due", "today"),
        ("opens", "25:00"),
        ("opens", "noon"),
        ("start", "2024-02-06T12:59:00"),
        ("start", "2024-02-06"),
        ("start", "soon"),
    ],
)
def test_what_is_no_moment_cannot_be_read(name, wire):
    with pytest.raises(ValueError):  # noqa: PT011 - the messages are Python's
        Thing._meta.get_field(name).to_python(wire)


@pytest.mark.parametrize(
    ("zone", "hour", "offset"), [(None, 12, 0), (TOKYO, 21, 9), (NEW_YORK, 7, -5)]
)
def test_an_instant_reads_in_the_zone_or_in_utc(zone, hour, offset):
    read = Thing.start.to_python("2024-02-06T12:59:00Z", zone)
    assert (read.hour, read.utcoffset()) == (hour, timedelta(hours=offset))


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (NOON, NOON),
        (NOON.replace(second=59, microsecond=999), NOON),
        (NOON.astimezone(TOKYO), NOON),
        ("2024-02-06T12:59:59Z", NOON),
        ("2024-02-06 21:59+09:00", NOON),
        (None, None),
        ("", None),
    ],
)
def test_assigning_an_instant_cuts_the_seconds_off(given, value):
    assert Thing(start=given).start == value


@pytest.mark.parametrize(
    ("zone", "naive", "written"),
    [
        ("UTC", datetime(2024, 2, 6, 12, 59), "2024-02-06T12:59:00Z"),
        ("Asia/Tokyo", datetime(2024, 2, 6, 12, 59), "2024-02-06T03:59:00Z"),
        ("Asia/Tokyo", "2024-02-06T12:59", "2024-02-06T03:59:00Z"),
        ("Asia/Tokyo", "2024-02-06", "2024-02-05T15:00:00Z"),
        # The hour that comes twice when clocks are put back, and one that is skipped.
        ("America/New_York", datetime(2024, 11, 3, 1, 30), "2024-11-03T05:30:00Z"),
        ("America/New_York", datetime(2024, 11, 3, 1, 30, fold=1), "2024-11-03T06:30:00Z"),
        ("America/New_York", datetime(2024, 3, 10, 2, 30), "2024-03-10T07:30:00Z"),
    ],
)
def test_a_naive_datetime_is_in_the_connections_zone(in_zone, zone, naive, written):
    with in_zone(zone):
        assert Thing.start.to_api(Thing(start=naive).start) == written


def test_a_naive_datetime_without_a_zone_is_refused(in_zone):
    with in_zone(None), pytest.raises(FieldError) as refused:
        Thing(start=datetime(2024, 2, 6))
    assert str(refused.value) == (
        "Thing.start takes an aware datetime, or a naive one on a connection with a timezone=, not "
        "datetime datetime.datetime(2024, 2, 6, 0, 0)."
    )


FIRST, SECOND = (datetime(2025, 11, 2, 1, 30, fold=fold, tzinfo=NEW_YORK) for fold in (0, 1))


class Slot(Row):
    starts = fields.DateTimeField()
    ends = fields.CalcField(expression="starts + 60", format="DATETIME")


class Shift(Model):
    at = fields.DateTimeField()
    slots = fields.SubtableField(Slot)


@pytest.fixture
def shift():
    with emulate(Shift) as connection:
        connection.timezone = NEW_YORK
        Shift(at=FIRST, slots=[Slot(starts=FIRST)]).save()
        yield Shift.objects.get()


def test_the_hour_that_repeats_is_another_one_the_second_time(shift):
    shift.at, shift.slots[0].starts = SECOND, SECOND
    shift.save()
    read = Shift.objects.get()
    assert (read.at.fold, read.slots[0].starts.fold) == (1, 1)


def test_an_instant_in_another_zone_is_no_change(shift):
    shift.at = shift.slots[0].starts = FIRST.astimezone(timezone.utc)
    assert shift.changed_fields() == {}


def test_a_conflict_tells_the_hours_that_repeat_apart(shift):
    theirs = Shift.objects.get()
    theirs.at = SECOND
    theirs.save()
    shift.slots = []
    with pytest.raises(Shift.Conflict) as caught:
        shift.save()
    ((before, after),) = caught.value.theirs.values()
    assert (before.fold, after.fold, before.tzinfo) == (0, 1, NEW_YORK)


def test_a_naive_datetime_in_a_row_of_its_own_is_refused(shift):
    naive = datetime(2025, 6, 1, 12)
    with pytest.raises(FieldError, match=r"Slot\.starts takes an aware datetime, or a naive one"):
        Slot(starts=naive)
    with pytest.raises(FieldError, match="this row is in no record, so it has no connection"):
        shift.slots[0].starts = naive
    shift.slots = [{"starts": naive}]
    assert shift.slots[0].starts == naive.replace(tzinfo=NEW_YORK)


def test_a_mapping_in_a_list_is_not_advised_to_be_one():
    with emulate(Shift), pytest.raises(FieldError, match="connection with a timezone=, not"):
        Shift(slots=[{"starts": datetime(2025, 6, 1, 12)}])


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("due", date(2024, 2, 6), date(2024, 2, 6)),
        ("due", "2024-02-06", date(2024, 2, 6)),
        ("opens", time(9, 30), time(9, 30)),
        ("opens", "09:30", time(9, 30)),
        ("opens", "09:30:00", time(9, 30)),
    ],
)
def test_assigning_a_date_or_a_time(name, given, value):
    assert getattr(Thing(**{name: given}), name) == value


TO_THE_MINUTE = "a time of day to the minute, without a zone"


@pytest.mark.parametrize(
    ("name", "given", "wanted"),
    [
        ("due", "6.2.2024", 'a date such as "2026-02-06"'),
        ("due", "2024-02-30", 'a date such as "2026-02-06"'),
        ("due", "2024-W01-1", 'a date such as "2026-02-06"'),
        ("due", "20240206", 'a date such as "2026-02-06"'),
        ("opens", "T0930", 'a time such as "09:30"'),
        ("opens", "0930", 'a time such as "09:30"'),
        ("due", 20240206, "a date"),
        ("due", datetime(2024, 2, 6), "a date (choose the day with .date())"),
        ("opens", "9 o'clock", 'a time such as "09:30"'),
        ("opens", 930, "a time"),
        ("opens", time(9, 30, 1), TO_THE_MINUTE),
        ("opens", "09:30:15", TO_THE_MINUTE),
        ("opens", time(9, 30, tzinfo=UTC), TO_THE_MINUTE),
        ("start", "soon", "an ISO 8601 date and time"),
        ("start", date(2024, 2, 6), "a datetime"),
        ("start", 0, "a datetime"),
    ],
)
def test_assigning_what_is_no_moment_is_refused(name, given, wanted):
    with pytest.raises(FieldError) as refused:
        Thing(**{name: given})
    shown = f"{type(given).__name__} {given!r}"
    assert str(refused.value) == f"Thing.{name} takes {wanted}, not {shown}."


def literal(lookup, value, zone=None) -> str:
    return Thing.start.operand(lookup, value, lambda: zone)


# kintone keeps whole minutes: from 12:59:30 on means from 13:00.
@pytest.mark.parametrize("lookup", ["gte", "lt"])
@pytest.mark.parametrize(
    ("value", "minute"),
    [
        (NOON, "2024-02-06T12:59:00Z"),
        (NOON.replace(second=1), "2024-02-06T13:00:00Z"),
        (NOON.replace(microsecond=1), "2024-02-06T13:00:00Z"),
        (datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC), "2024-01-01T00:00:00Z"),
        # The last minute before clocks are put back, and the same one an hour later.
        (datetime(2024, 11, 3, 1, 59, 30, tzinfo=NEW_YORK), "2024-11-03T06:00:00Z"),
        (datetime(2024, 11, 3, 1, 59, 30, fold=1, tzinfo=NEW_YORK), "2024-11-03T07:00:00Z"),
        (datetime(2024, 3, 10, 1, 59, 30, tzinfo=NEW_YORK), "2024-03-10T07:00:00Z"),
    ],
)
def test_seconds_are_rounded_up_for_from_and_before(lookup, value, minute):
    assert literal(lookup, value) == f'"{minute}"'


@pytest.mark.parametrize("lookup", ["gt", "lte"])
@pytest.mark.parametrize("seconds", [{}, {"second": 1}, {"second": 59, "microsecond": 999_999}])
def test_seconds_are_rounded_down_for_after_and_up_to(lookup, seconds):
    assert literal(lookup, NOON.replace(**seconds)) == '"2024-02-06T12:59:00Z"'


def test_a_range_of_seconds_is_rounded_inwards():
    bounds = [("gte", NOON.replace(second=1)), ("lte", NOON.replace(second=59))]
    found = [Thing.start.operand(lookup, value, None) for lookup, value in bounds]
    assert found == ['"2024-02-06T13:00:00Z"', '"2024-02-06T12:59:00Z"']


@pytest.mark.parametrize("lookup", ["exact", "in"])
def test_seconds_never_equal_anything(lookup):
    late = NOON.replace(second=30)
    with pytest.raises(FieldError) as refused:
        Thing.start.operand(lookup, late, None)
    assert str(refused.value) == (
        f"Thing.start never equals {late!r}: kintone stores whole minutes. "
        "Use .replace(second=0, microsecond=0), or a range."
    )


@pytest.mark.parametrize(
    "value",
    [
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=TOKYO),
        datetime.max.replace(tzinfo=NEW_YORK),
    ],
)
def test_an_instant_that_no_clock_shows_is_refused(value):
    with pytest.raises(FieldError, match="takes an instant in the years 1 to 9999, not datetime"):
        literal("lt", value)


def test_a_naive_datetime_in_a_filter_is_in_the_zone():
    assert literal("gt", datetime(2024, 2, 6), zone=TOKYO) == '"2024-02-05T15:00:00Z"'


@pytest.mark.parametrize("text", ["10:30:00.001", "10:30:01", "10:30+09:00"])
def test_a_time_of_day_is_read_to_the_minute(text):
    with pytest.raises(ValueError, match="not a time of day to the minute"):
        fields.TimeField("t").to_python(text)
    assert fields.TimeField("t").to_python("10:30:00.000") == time(10, 30)
