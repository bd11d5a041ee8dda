"""records/cursor.json: fixed records, live values, ten cursors at a time, ten minutes."""

from __future__ import annotations

import pytest


@pytest.fixture
def app(kintone):
    app = kintone.new_app({"n": {"type": "NUMBER"}})
    kintone.ok(
        "POST", "records.json", {"app": app, "records": [{"n": {"value": n}} for n in range(7)]}
    )
    return app


def opened(kintone, app, **parameters):
    return kintone.ok("POST", "records/cursor.json", {"app": app, **parameters})["id"]


def page(kintone, cursor):
    """Return the ids of the next page, and True if there is another page."""
    answer = kintone.ok("GET", "records/cursor.json", {"id": cursor})
    return [record["$id"]["value"] for record in answer["records"]], answer["next"]


GONE = (404, "GAIA_CN01", "The specified cursor does not exist or has already expired.")


def test_a_cursor_gives_every_record_once_and_is_freed(kintone, app):
    answer = kintone.ok(
        "POST", "records/cursor.json", {"app": app, "query": "order by n asc", "size": 3}
    )
    assert answer["totalCount"] == "7"
    assert page(kintone, answer["id"]) == (["1", "2", "3"], True)
    assert page(kintone, answer["id"]) == (["4", "5", "6"], True)
    assert page(kintone, answer["id"]) == (["7"], False)
    assert kintone.error("GET", "records/cursor.json", {"id": answer["id"]}) == GONE
    assert kintone.error("DELETE", "records/cursor.json", {"id": answer["id"]}) == GONE


def test_a_full_last_page_is_the_last(kintone, app):
    cursor = opened(kintone, app, size=7)
    assert page(kintone, cursor)[1] is False


def test_a_cursor_of_no_records_has_one_empty_page(kintone, app):
    answer = kintone.ok("POST", "records/cursor.json", {"app": app, "query": "n > 99"})
    assert answer["totalCount"] == "0"
    assert page(kintone, answer["id"]) == ([], False)


def test_membership_and_order_are_frozen_and_values_are_not(kintone, app):
    cursor = opened(kintone, app, query="n >= 0 order by n asc", size=3)
    kintone.put(app, 1, n=-100)
    kintone.put(app, 3, n=50)
    kintone.add(app, n=1)
    answer = kintone.ok("GET", "records/cursor.json", {"id": cursor})
    assert [record["n"]["value"] for record in answer["records"]] == ["-100", "1", "50"]


def test_deleted_records_leave_a_short_page(kintone, app):
    cursor = opened(kintone, app, query="order by n asc", size=3)
    kintone.ok("DELETE", "records.json", {"app": app, "ids": [1, 2, 3, 5]})
    assert page(kintone, cursor) == ([], True)
    assert page(kintone, cursor) == (["4", "6"], True)


def test_a_cursor_answers_the_fields_it_was_opened_with(kintone, app):
    cursor = opened(kintone, app, query="n = 0", fields=["n"])
    answer = kintone.ok("GET", "records/cursor.json", {"id": cursor})
    assert answer["records"] == [{"n": {"type": "NUMBER", "value": "0"}}]


def test_the_usual_size_is_a_hundred(kintone, app):
    records = [{}] * 100
    kintone.ok("POST", "records.json", {"app": app, "records": records})
    ids, more = page(kintone, opened(kintone, app))
    assert (len(ids), more) == (100, True)


def test_the_eleventh_cursor_is_refused_until_one_is_free(kintone, caller, app):
    cursors = [opened(kintone, app) for _ in range(10)]
    kato = caller(X_Cybozu_Authorization="a2F0bzpvdGhlcg==")  # kato:other
    response = kato.send("POST", "records/cursor.json", {"app": app})
    assert response.status_code == 429
    assert response.headers["X-Cybozu-Error"] == response.json()["code"] == "GAIA_TM12"
    kintone.ok("DELETE", "records/cursor.json", {"id": cursors[0]})
    opened(kato, app)


def test_a_cursor_lives_for_ten_minutes_and_each_read_gives_it_ten_more(kintone, clock, app):
    cursor = opened(kintone, app, size=2)
    for _ in range(2):
        clock.move(minutes=9, seconds=59)
        assert page(kintone, cursor)[1] is True
    clock.move(minutes=10)
    assert kintone.error("GET", "records/cursor.json", {"id": cursor}) == GONE


def test_expired_cursors_make_room(kintone, clock, app):
    for _ in range(10):
        opened(kintone, app)
    clock.move(minutes=10)
    opened(kintone, app)


def test_only_its_creator_may_use_a_cursor(kintone, emulator, caller, app):
    cursor = opened(kintone, app)
    kato = caller(X_Cybozu_Authorization="a2F0bzpvdGhlcg==")  # kato:other
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app))
    for other in (kato, token):
        for method in ("GET", "DELETE"):
            assert other.error(method, "records/cursor.json", {"id": cursor})[1] == "CB_NO02"
    assert page(kintone, cursor)[1] is False


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({"size": 0}, {"size": ["must be greater than or equal to 1"]}),
        ({"size": 501}, {"size": ["must be less than or equal to 500"]}),
        (
            {"query": "limit 5"},
            {
                "query": [
                    "The query of a cursor takes neither limit nor offset; use the parameter size."
                ]
            },
        ),
        (
            {"query": "offset 5"},
            {
                "query": [
                    "The query of a cursor takes neither limit nor offset; use the parameter size."
                ]
            },
        ),
        ({"fields": ["a"] * 1001}, {"fields": ["size must be between 0 and 1000"]}),
        (
            {"limit": 5},
            {"limit": ["There is no parameter limit. The emulator refuses what kintone ignores."]},
        ),
    ],
)
def test_the_parameters_of_a_cursor_are_checked(kintone, app, parameters, errors):
    body = {"app": app, **parameters}
    assert kintone.messages("POST", "records/cursor.json", body) == errors
