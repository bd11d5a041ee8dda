from __future__ import annotations

from datetime import datetime, timezone

from dateutil.tz import gettz
from support.models.geography import City, Country

from kintone_orm.testing import emulate


def test_any_tzinfo_can_be_the_connections(kintone, monkeypatch):
    monkeypatch.setattr(kintone, "timezone", gettz("Asia/Tokyo"))
    City.objects.create(name="Kobe", visited=datetime(2026, 1, 2, 9, 0))

    visited = City.objects.get().visited
    assert visited == datetime(2026, 1, 2, 0, 0, tzinfo=timezone.utc)
    assert visited.hour == 9


def test_using_reads_elsewhere(kintone):
    City.objects.create(name="Here")
    with emulate(City, Country):
        assert City.objects.count() == 0
        assert City.objects.using(kintone).get().name == "Here"
