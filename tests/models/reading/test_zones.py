"""A filter that depends on a time zone is refused by connections of another zone."""

from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from kintone_orm import Model, fields, override
from kintone_orm.exceptions import FieldError
from kintone_orm.testing import assert_requests, emulate

TOKYO = ZoneInfo("Asia/Tokyo")


class Visit(Model):
    at = fields.DateTimeField()


NIGHT = datetime(2024, 2, 5, 20, tzinfo=timezone.utc)  # the 6th in Tokyo


@pytest.fixture
def tokyo(kintone):
    Visit.objects.create(at=NIGHT)
    with emulate(Visit) as connection:
        connection.timezone = TOKYO
        Visit.objects.using(connection).create(at=NIGHT)
        yield connection


def test_days_are_those_of_the_connection(kintone, tokyo):
    assert Visit.objects.using(tokyo).filter(at__date=date(2024, 2, 6)).count() == 1
    assert Visit.objects.using(kintone).filter(at__date=date(2024, 2, 6)).count() == 0


@pytest.mark.parametrize("read", [list, len, lambda q: q.count(), lambda q: q.exists()])
def test_another_zone_than_the_filters_is_refused(kintone, tokyo, read):
    found = Visit.objects.using(kintone).filter(at__date=date(2024, 2, 6)).using(tokyo)
    with assert_requests(0), pytest.raises(FieldError) as refused:
        read(found)
    assert str(refused.value) == (
        "A filter of Visit has days or naive datetimes in the time zone UTC, but the time zone of "
        f"{tokyo!r} is Asia/Tokyo. Call filter() after using() or inside override(), or use aware "
        "datetimes."
    )


def test_a_part_that_was_combined_counts_too(kintone, tokyo):
    visits = Visit.objects.using(kintone)
    found = visits.filter(at__date=date(2024, 2, 6)) | visits.filter(pk=1)
    with pytest.raises(FieldError, match="has days or naive datetimes"):
        list(found.using(tokyo))


def test_what_depends_on_no_zone_is_read_anywhere(kintone, tokyo):
    found = Visit.objects.using(kintone).filter(at__gte=NIGHT, pk__gt=0)
    assert found.using(tokyo).count() == 1


def test_naive_datetimes_inside_override_are_in_its_zone(tokyo):
    with override(tokyo):
        assert Visit.objects.filter(at=datetime(2024, 2, 6, 5)).count() == 1
