"""Records of a domain file find each other, in whatever order they come."""

from __future__ import annotations

import pytest
from support.domain_files import TEXT, app, shop
from support.plain_kintone import cells

from kintone_orm.emulator import DomainFileError


def test_a_lookups_source_record_may_come_later_in_the_file(enter):
    kintone = enter(shop())
    order = kintone.read(12, 1)
    assert (order["Record_number"], order["customer_name"]) == ("ORD-1", "Blue Bottle")
    (row,) = order["lines"]
    assert [row["value"][code]["value"] for code in ("item", "qty")] == ["pen", "2"]
    assert kintone.find(12) == [7, 1]
    assert kintone.add(12, number="3") == 8


def partners(required=False):
    """Return a file with two apps whose records look up each other."""

    def part(other, key, partner):
        lookup = {"relatedApp": {"app": other}, "relatedKeyField": "key"}
        lookup["fieldMappings"] = [{"field": "copy", "relatedField": "name"}]
        fields = {
            "key": {**TEXT, "unique": True},
            "name": TEXT,
            "partner": {**TEXT, "required": required, "lookup": lookup},
            "copy": TEXT,
        }
        records = [{"key": key, "name": f"Name of {key}", "partner": partner}]
        return {"form": {"properties": fields}, "records": records}

    return {**app(), "apps": {"a": part("b", "A", "B"), "b": part("a", "B", "A")}}


def test_records_may_look_each_other_up(enter):
    kintone = enter(partners())
    assert [kintone.read(number, 1)["copy"] for number in (1, 2)] == ["Name of B", "Name of A"]


def test_records_that_cannot_do_without_each_other_are_refused(load):
    with pytest.raises(DomainFileError, match=r"a\.records\[0\]\.partner: A value B in the field"):
        load(partners(required=True))


def test_records_have_the_creator_and_time_of_the_file(enter):
    stored = {"Created_by": {"code": "sato"}, "Created_datetime": "2020-01-02T03:04:00Z"}
    record = enter(app(records=[stored])).read(1, 1)
    assert record["Created_by"] == {"code": "sato", "name": "sato"}
    assert record["Created_datetime"] == "2020-01-02T03:04:00Z"


def test_a_record_as_kintone_answers_it_is_taken(kintone, enter):
    source = kintone.new_app({"a": TEXT, "t": {"type": "SUBTABLE", "fields": {"b": TEXT}}})
    rows = [{"value": cells({"b": "y"})}]
    number = kintone.add(source, a="x", t=rows)
    answer = kintone.ok("GET", "record.json", {"app": source, "id": number})["record"]
    fields = kintone.ok("GET", "app/form/fields.json", {"app": source})
    again = enter({**app(form=fields, records=[answer]), "users": {"sato": {"password": "secret"}}})
    assert again.read(1, 1)["t"][0]["value"]["b"]["value"] == "y"
