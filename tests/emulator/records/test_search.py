"""Reading records: pages, totals, fields, and the records read from the store."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from support.plain_kintone import cells, password

from kintone_orm.emulator import choices


@pytest.fixture
def app(kintone):
    """1,200 records: n counts from 1, key is "k" and n, even is "yes" for even n."""
    app = kintone.new_app(
        {
            "key": {"type": "SINGLE_LINE_TEXT", "unique": True},
            "n": {"type": "NUMBER"},
            "even": {"type": "SINGLE_LINE_TEXT"},
        }
    )
    for start in range(1, 1201, 100):
        records = [
            cells({"key": f"k{n}", "n": n, "even": "yes" if n % 2 == 0 else "no"})
            for n in range(start, start + 100)
        ]
        kintone.ok("POST", "records.json", {"app": app, "records": records})
    return app


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", range(1200, 1100, -1)),
        ("limit 3", [1200, 1199, 1198]),
        ("limit 0", []),
        ("offset 1198", [2, 1]),
        ("order by $id asc limit 2", [1, 2]),
        ("order by $id asc limit 2 offset 500", [501, 502]),
        ("$id > 1190 order by $id asc", range(1191, 1201)),
        ("$id > 500 order by $id asc limit 500", range(501, 1001)),
        ("$id > 999999999999999999", []),
        ("$id < -5", []),
        ('even = "no" and $id >= 1197 order by $id asc', [1197, 1199]),
        ("n > 1197", [1200, 1199, 1198]),
        ("order by n asc limit 2", [1, 2]),
        ("order by n desc limit 2 offset 1", [1199, 1198]),
        ("order by even desc, n asc limit 3", [2, 4, 6]),
        ("order by even asc limit 2", [1199, 1197]),
        ('key = "k7"', [7]),
        ('key in ("k7", "k9", "nothing")', [9, 7]),
        ('key in ("k7", "k9") order by $id asc', [7, 9]),
        ('key in ("k7", "k10") and n < 8', [7]),
        ('key = "k7" or key = "k8"', [8, 7]),
        ('key = "nothing"', []),
    ],
)
def test_a_query_finds_records_in_its_order(kintone, app, query, ids):
    assert kintone.find(app, query) == list(ids)


def test_an_unknown_person_refuses_a_query(kintone, app):
    """Measured: kSQL, 2026-07-15 (fact sheet "query", section 2)."""
    body = {"app": app, "query": 'Created_by in ("Administrator", "gone")'}
    assert kintone.error("GET", "records.json", body) == (
        400,
        "GAIA_IL26",
        "The specified user (code：gone) not found.",
    )
    assert kintone.find(app, 'Created_by not in ("Administrator") limit 1') == [1200]


@pytest.mark.parametrize("collide", [False, True])
def test_a_unique_text_is_found_with_blanks_after_it(kintone, monkeypatch, collide):
    """The index of unique values finds all records that the comparison finds."""
    monkeypatch.setattr(choices, "UNIQUE_IGNORES_BLANKS_AT_THE_END", collide)
    app = kintone.new_app({"key": {"type": "SINGLE_LINE_TEXT", "unique": True}})
    for key in ["a!", "a b", "a "]:
        kintone.ok("POST", "record.json", {"app": app, "record": cells({"key": key})})
    again = {"app": app, "record": cells({"key": "a"})}
    if collide:
        assert kintone.messages("POST", "record.json", again) == {
            "record.key.value": ["This value already exists in another record."]
        }
        assert kintone.find(app, 'key = "a"') == [3]
    else:
        kintone.ok("POST", "record.json", again)
        assert kintone.find(app, 'key = "a"') == [4, 3]


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", "1200"),
        ("limit 0", "1200"),
        ("limit 5 offset 1000", "1200"),
        ('even = "no" limit 1', "600"),
        ('even = "no" order by n asc limit 1 offset 700', "600"),
        ('key = "k1"', "1"),
        ("n > 9999", "0"),
    ],
)
def test_a_total_counts_all_matches(kintone, app, query, total):
    body = {"app": app, "query": query, "totalCount": True}
    assert kintone.ok("GET", "records.json", body)["totalCount"] == total


@pytest.mark.parametrize("parameters", [{}, {"totalCount": False}, {"totalCount": None}])
def test_a_total_that_was_not_asked_for_is_null(kintone, app, parameters):
    body = {"app": app, "query": "limit 1", **parameters}
    assert kintone.ok("GET", "records.json", body)["totalCount"] is None


@pytest.fixture
def read(emulator, monkeypatch):
    """Return the ids of the records read from the store, in the order of reading."""
    read = []
    records = type(emulator._domain.store).records

    def noted(*arguments, **options):
        for row in records(*arguments, **options):
            read.append(row[0])
            yield row

    monkeypatch.setattr(type(emulator._domain.store), "records", noted)
    return read


def test_a_page_by_id_reads_no_record_outside_of_it(kintone, app, read):
    kintone.find(app, "$id > 600 order by $id asc limit 500")
    assert read == list(range(601, 1101))


def test_a_count_of_everything_reads_no_record(kintone, app, read):
    body = {"app": app, "query": "limit 0", "totalCount": True}
    assert kintone.ok("GET", "records.json", body)["totalCount"] == "1200"
    assert read == []


def test_only_the_fields_asked_for_are_answered(kintone, app):
    body = {"app": app, "query": 'key = "k7"', "fields": ["n", "$id", "unknown", "$revision"]}
    assert kintone.ok("GET", "records.json", body)["records"] == [
        {
            "$id": {"type": "__ID__", "value": "7"},
            "$revision": {"type": "__REVISION__", "value": "1"},
            "n": {"type": "NUMBER", "value": "7"},
        }
    ]


def test_an_empty_list_of_fields_gives_all_fields(kintone, app):
    one = kintone.ok("GET", "records.json", {"app": app, "query": "limit 1"})
    assert kintone.ok("GET", "records.json", {"app": app, "query": "limit 1", "fields": []}) == one


def test_a_projection_is_not_fooled_by_the_content_of_a_text(kintone):
    app = kintone.new_app(
        {
            "a": {"type": "MULTI_LINE_TEXT"},
            "b": {"type": "SUBTABLE", "fields": {"c": {"type": "SINGLE_LINE_TEXT"}}},
        }
    )
    nasty = 'x",\n"c":{"type":"NUMBER","value":"1"},\n"b":"\\'
    kintone.add(app, a=nasty, b=[{"value": cells({"c": nasty})}])
    (record,) = kintone.ok("GET", "records.json", {"app": app, "fields": ["a"]})["records"]
    assert record == {"a": {"type": "MULTI_LINE_TEXT", "value": nasty}}
    (record,) = kintone.ok("GET", "records.json", {"app": app, "fields": ["b"]})["records"]
    assert record["b"]["value"][0]["value"]["c"]["value"] == nasty
    assert kintone.find(app, 'a like "NUMBER"') == [1]


def test_a_code_may_be_a_word_of_the_wire_form(kintone):
    text = {"type": "SINGLE_LINE_TEXT"}
    app = kintone.new_app({"type": text, "value": text, "id": text})
    kintone.add(app, type="a", value="b", id="c")
    (record,) = kintone.ok("GET", "records.json", {"app": app, "fields": ["value"]})["records"]
    assert record == {"value": {"type": "SINGLE_LINE_TEXT", "value": "b"}}
    assert kintone.find(app, 'value = "b" and type = "a"') == [1]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("nonsense", (400, "CB_VA01", "Missing or invalid input.")),
        ("limit 501", (400, "GAIA_QU01", "limit must be 500 or less.")),
        ("offset 10001", (400, "GAIA_QU02", "offset must be 10,000 or less.")),
        ('nothing = "1"', (400, "GAIA_IQ11", "Specified field (nothing) not found.")),
    ],
)
def test_a_query_that_does_not_fit_is_refused(kintone, app, query, error):
    assert kintone.error("GET", "records.json", {"app": app, "query": query}) == error


def test_a_query_uses_its_caller(kintone, caller, app):
    kato = caller(X_Cybozu_Authorization="a2F0bzpvdGhlcg==")  # kato:other
    number = kato.add(app, key="mine")
    assert kato.find(app, "Created_by in (LOGINUSER())") == [number]
    assert kintone.find(app, 'Created_by in ("kato")') == [number]


def test_today_is_the_callers(emulator, caller, clock):
    """At 12:59 UTC, it is already the next day in a zone 13 hours ahead."""
    emulator.add_user("tanaka", "x", timezone=timezone(timedelta(hours=13)))
    tanaka, sato = caller(**password("tanaka", "x")), caller(**password("sato", "secret"))
    app = sato.new_app({"day": {"type": "DATE"}})
    sato.add(app, day="2024-02-06")
    sato.add(app, day="2024-02-07")
    assert sato.find(app, "day = TODAY()") == [1]
    assert tanaka.find(app, "day = TODAY()") == [2]
