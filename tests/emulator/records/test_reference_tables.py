"""Fields of related records: their definitions, and conditions on the related records."""

from __future__ import annotations

import pytest
from support.plain_kintone import cells, described, options

FIELDS = "preview/app/form/fields.json"
TEXT = {"type": "SINGLE_LINE_TEXT"}


def related(app, pair=("customer", "customer"), /, **more):
    field, other = pair
    settings = {
        "relatedApp": {"app": app},
        "condition": {"field": field, "relatedField": other},
        "displayFields": ["title"],
        **more,
    }
    return {"type": "REFERENCE_TABLE", "referenceTable": settings}


@pytest.fixture
def visits(kintone):
    """Make an app of visits to customers."""
    return kintone.new_app(
        {
            "customer": TEXT,
            "title": TEXT,
            "rank": {"type": "DROP_DOWN", "options": options("A", "B")},
            "hours": {"type": "NUMBER"},
            "day": {"type": "DATE"},
            "rows": {"type": "SUBTABLE", "fields": {"inner": TEXT}},
        }
    )


@pytest.fixture
def customers(kintone, visits):
    return kintone.new_app({"customer": TEXT, "visits": related(visits)})


@pytest.fixture
def customer_ids(kintone, visits, customers):
    """Make customers x with two visits, y with one and z with none. Return their ids."""
    for customer, title, rank, hours in (
        ("x", "first", "A", "1"),
        ("x", "second", "B", "2"),
        ("y", "first", "B", "3"),
        ("", "nobody's", "A", "9"),
    ):
        kintone.add(
            visits, customer=customer, title=title, rank=rank, hours=hours, day="2024-02-06"
        )
    return [kintone.add(customers, customer=name) for name in ("x", "y", "z")]


def test_a_record_does_not_hold_them(kintone, customers):
    number = kintone.add(customers, customer="x")
    assert "visits" not in kintone.read(customers, number)


@pytest.mark.parametrize("value", [[], "x", None])
def test_a_write_cannot_hold_them(kintone, customers, value):
    """Measured: monosashi, 2026-08-29 (fact sheet "fields", section 2)."""
    body = {"app": customers, "id": kintone.add(customers), "record": cells({"visits": value})}
    assert kintone.error("PUT", "record.json", body)[:2] == (400, "CB_IJ01")


# Queries


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('visits.title in ("first")', "xy"),
        ('visits.title in ("second")', "x"),
        ('visits.title not in ("second")', "y"),
        ('visits.title like "first"', "xy"),
        ('visits.title not like "second"', "y"),
        ("visits.hours > 2", "y"),
        ("visits.hours <= 1", "x"),
        ('visits.hours in (3, "9")', "y"),
        ('visits.rank in ("A")', "x"),
        ('visits.day in ("2024-02-06")', "xy"),
        ("visits.day = TODAY()", "GAIA_IQ07"),
        ("visits.day >= TODAY()", "xy"),
        ("visits.$id in (1)", "x"),
        ("visits.$id > 2", "y"),
        ("visits.Created_by in (LOGINUSER())", "xy"),
        # Joined conditions must hold for the same related record.
        ('visits.title in ("first") and visits.rank in ("B")', "y"),
        ('visits.title in ("first") or visits.rank in ("B")', "xy"),
        ('visits.title in ("first") and customer = "x"', "x"),
        ('visits.title = "first"', "GAIA_IQ07"),
        ('visits.title != "first"', "GAIA_IQ07"),
        ("visits.title > 5", "GAIA_IQ03"),
        ('visits.rank in ("C")', "GAIA_IQ10"),
        ('visits.nothing in ("x")', "GAIA_IQ11"),
        ('visits.inner in ("x")', "GAIA_IR02"),
        ('nothing.title in ("x")', "GAIA_IR02"),
        ('customer.title in ("x")', "GAIA_IR02"),
        ('visits in ("x")', "GAIA_IQ03"),
        ("order by visits.title asc", "GAIA_IS02"),
    ],
)
def test_conditions_on_related_records(kintone, customers, customer_ids, condition, expected):
    if expected.startswith("GAIA"):
        assert kintone.error("GET", "records.json", {"app": customers, "query": condition})[:2] == (
            400,
            expected,
        )
    else:
        names = [kintone.read(customers, n)["customer"] for n in kintone.find(customers, condition)]
        assert sorted(names) == list(expected)


def test_a_blank_matches_no_related_record(kintone, customers, customer_ids):
    kintone.add(customers, customer="")
    assert kintone.find(customers, "visits.hours in (9)") == []


def test_a_query_of_the_id_of_related_records_reads_every_record(kintone, customers, customer_ids):
    assert kintone.find(customers, "visits.$id < 2 order by $id asc") == [customer_ids[0]]


def test_the_fields_own_filter_counts(kintone, visits, customers, customer_ids):
    changes = {"visits": {"referenceTable": {"filterCond": 'rank in ("B")'}}}
    kintone.ok("PUT", FIELDS, {"app": customers, "properties": changes})
    assert kintone.deploy(customers) == "SUCCESS"
    assert kintone.find(customers, 'visits.title in ("first")') == [customer_ids[1]]


def test_records_are_related_by_number_and_by_record_number(kintone):
    orders = kintone.new_app({"parent": {"type": "NUMBER"}, "title": TEXT})
    app = kintone.new_app(
        {
            "n": {"type": "NUMBER"},
            "by_id": related(orders, ("Record_number", "parent")),
            "by_n": related(orders, ("n", "parent")),
        }
    )
    first, second = kintone.add(app, n="2.0"), kintone.add(app, n="7")
    kintone.add(orders, parent="2.00", title="a")
    assert kintone.find(app, 'by_id.title in ("a")') == [second]
    assert kintone.find(app, 'by_n.title in ("a")') == [first]


def test_an_app_may_be_related_to_itself(kintone):
    app = kintone.new_app({"key": TEXT, "parent": TEXT, "title": TEXT})
    properties = described({"children": related(app, ("key", "parent"))})
    kintone.ok("POST", FIELDS, {"app": app, "properties": properties})
    assert kintone.deploy(app) == "SUCCESS"
    mother = kintone.add(app, key="m")
    kintone.add(app, key="c", parent="m", title="child")
    assert kintone.find(app, 'children.title in ("child")') == [mother]


def test_a_cursor_finds_by_related_records_too(kintone, customers, customer_ids):
    body = {"app": customers, "query": "visits.hours > 0 order by $id asc"}
    assert kintone.ok("POST", "records/cursor.json", body)["totalCount"] == "2"


def test_a_token_of_the_other_app_is_needed(
    kintone, emulator, caller, visits, customers, customer_ids
):
    own, other = emulator.add_api_token(customers), emulator.add_api_token(visits)
    query = {"app": customers, "query": "visits.hours > 0"}
    alone = caller(X_Cybozu_API_Token=own)
    assert alone.error("GET", "records.json", query)[1] == "GAIA_IA02"
    both = caller(X_Cybozu_API_Token=f"{own},{other}")
    assert len(both.ok("GET", "records.json", query)["records"]) == 2


def test_related_records_that_may_not_be_viewed_are_not_found(
    kintone, visits, customers, customer_ids
):
    nobody = {"viewable": False, "editable": False, "deletable": False}
    sato = {"entity": {"type": "USER", "code": "sato"}, **nobody}
    everyone = {"entity": {"type": "GROUP", "code": "everyone"}, **nobody, "viewable": True}
    rights = [
        {"filterCond": 'rank in ("A")', "entities": [sato]},
        {"filterCond": "", "entities": [everyone]},
    ]
    kintone.ok("PUT", "preview/record/acl.json", {"app": visits, "rights": rights})
    assert kintone.deploy(visits) == "SUCCESS"
    assert kintone.find(customers, 'visits.title in ("first")') == [customer_ids[1]]


def test_an_app_in_a_guest_space_shows_records_from_outside(
    kintone, emulator, visits, customer_ids
):
    space = emulator.add_guest_space()

    def ok(method, path, body):
        url = f"https://example.cybozu.com/k/guest/{space.id}/v1/{path}"
        response = kintone.session.request(method, url, json=body)
        assert response.status_code == 200, response.text
        return response.json()

    body = {"name": "Inside", "space": space.id, "thread": space.thread}
    app = int(ok("POST", "preview/app.json", body)["app"])
    for field in [{"customer": TEXT}, {"visits": related(visits)}]:
        ok("POST", FIELDS, {"app": app, "properties": described(field)})
    ok("POST", "preview/app/deploy.json", {"apps": [{"app": app}]})
    ok("GET", "preview/app/deploy.json", {"apps": [app]})
    ok("POST", "record.json", {"app": app, "record": {"customer": {"value": "x"}}})
    query = {"app": app, "query": 'visits.title in ("second")'}
    assert len(ok("GET", "records.json", query)["records"]) == 1
