"""Forms of a domain file: lookups in any order, built-in fields in any language."""

from __future__ import annotations

import pytest
from support.domain_files import CUSTOMERS, ORDERS, TEXT, app, form, shop


def test_apps_refer_to_each_other_by_key_in_any_order(enter):
    for apps in (
        {"orders": ORDERS, "customers": CUSTOMERS},
        {"customers": CUSTOMERS, "orders": ORDERS},
    ):
        kintone = enter(shop(apps=apps))
        customers = kintone.emulator.made.apps["customers"]
        fields = kintone.ok("GET", "app/form/fields.json", {"app": 12})["properties"]
        assert fields["customer"]["lookup"]["relatedApp"] == {"app": str(customers), "code": ""}
        fields = kintone.ok("GET", "app/form/fields.json", {"app": customers})["properties"]
        table = fields["orders"]["referenceTable"]
        assert table["relatedApp"] == {"app": "12", "code": "ORD"}


def test_lookups_may_go_round_in_a_circle(enter):
    def part(other):
        lookup = {"relatedApp": {"app": other}, "relatedKeyField": "key", "fieldMappings": []}
        copied = {"field": "copy", "relatedField": "partner"}
        lookup = {**lookup, "fieldMappings": [copied]}
        fields = {
            "key": {**TEXT, "unique": True},
            "partner": {**TEXT, "lookup": lookup},
            "copy": TEXT,
        }
        return {"form": {"properties": fields}}

    kintone = enter({**app(), "apps": {"a": part("b"), "b": part("a"), "c": part("c")}})
    assert list(kintone.emulator.made.apps) == ["a", "b", "c"]


def test_answers_of_a_real_app_are_valid_sections(kintone, enter):
    source = kintone.new_app({"名前": TEXT, "total": {"type": "NUMBER", "unit": "円"}})
    answers = {
        "form": ("app/form/fields.json", ["properties", "revision"]),
        "settings": ("app/settings.json", None),
        "process": ("app/status.json", None),
    }
    exported = {
        section: kintone.ok("GET", path, {"app": source}) for section, (path, _) in answers.items()
    }
    exported["form"]["layout"] = kintone.ok("GET", "app/form/layout.json", {"app": source})[
        "layout"
    ]

    again = enter(app(**exported))

    for path in ("app/form/fields.json", "app/form/layout.json", "app/settings.json"):
        old, new = kintone.ok("GET", path, {"app": source}), again.ok("GET", path, {"app": 1})
        assert {**old, "revision": None} == {**new, "revision": None}


@pytest.mark.parametrize(
    ("language", "codes"),
    [
        ("en", ["Record_number", "Created_by", "Created_datetime"]),
        ("ja", ["レコード番号", "作成者", "作成日時"]),
    ],
)
def test_the_language_is_that_of_the_codes_of_built_in_fields(enter, language, codes):
    kintone = enter({**form(a=TEXT), "language": language})
    assert set(codes) <= set(kintone.read(1, kintone.add(1)))
    later = kintone.new_app({})
    assert set(codes) <= set(kintone.read(later, kintone.add(later)))


def test_a_form_may_have_the_built_in_codes_of_another_language(enter):
    kintone = enter(form(レコード番号={"type": "RECORD_NUMBER", "noLabel": True}, a=TEXT))
    fields = kintone.ok("GET", "app/form/fields.json", {"app": 1})["properties"]
    assert fields["レコード番号"]["noLabel"] is True
    assert "Record_number" not in fields


def test_a_form_that_has_built_in_fields_has_no_others(enter):
    """endpoints.md 15: five of them may be deleted from a form."""
    number = {"type": "RECORD_NUMBER"}
    kintone = enter(form(Record_number=number, Created_by={"type": "CREATOR"}, a=TEXT))
    fields = kintone.ok("GET", "app/form/fields.json", {"app": 1})["properties"]
    assert set(fields) == {"Record_number", "Created_by", "a", "Status", "Assignee", "Categories"}
