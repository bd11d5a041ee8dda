"""Counting requests by app and day, and the daily budget."""

from __future__ import annotations

import copy
import datetime as dt
import logging
import pickle
from typing import Any

import pytest

from kintone_orm.connection import DailyBudget
from kintone_orm.connection.limits.counts import MemoryCounts
from kintone_orm.connection.limits.usage import Meter, Usage, apps_counted
from kintone_orm.exceptions import DailyBudgetExceeded, ImproperlyConfigured
from kintone_orm.http.messages import Request

APPS = {"orders": 7}
GET = Request("GET", "/k/v1/records.json", {"app": 7})
CLOSE = Request("DELETE", "/k/v1/records/cursor.json", {"id": "x"}, app=7)


class Day:
    """A calendar that shows one day until it is moved."""

    def __init__(self) -> None:
        self.date = dt.date(2026, 11, 30)

    def __call__(self) -> dt.date:
        return self.date


def meter(budget: DailyBudget | None = None, today: Day | None = None) -> Meter:
    return Meter(MemoryCounts(), "example.cybozu.com", budget, today=today or Day())


def bulk(*apps: object) -> Request:
    inner = [
        {"method": "POST", "api": "/k/v1/records.json", "payload": {"app": app}} for app in apps
    ]
    return Request("POST", "/k/v1/bulkRequest.json", {"requests": inner})


# -- what kintone counts --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "endpoint", "params", "app"),
    [
        ("GET", "record", {"app": 7, "id": 1}, 7),
        ("GET", "records", {"app": "7"}, 7),
        ("PUT", "records", {"app": "orders", "records": []}, 7),
        ("POST", "records/cursor", {"app": 7}, 7),
        ("POST", "record/comment", {"app": 7, "record": 1}, 7),
        ("PUT", "record/status", {"app": 7}, 7),
        ("GET", "app", {"id": 7}, 7),
        ("GET", "app/form/fields", {"app": 7}, 7),
        ("PUT", "preview/app/settings", {"app": 7}, 7),
        ("GET", "records", {}, 0),
        ("GET", "records", {"app": "unknown"}, 0),
        ("GET", "records", {"app": None}, 0),
        ("GET", "records/cursor", {"id": "x"}, 0),
    ],
)
@pytest.mark.parametrize("base", ["/k/v1/", "/k/guest/3/v1/"])
def test_a_request_counts_for_its_app(
    method: str, endpoint: str, params: dict[str, Any], app: int, base: str
) -> None:
    assert apps_counted(Request(method, f"{base}{endpoint}.json", params), APPS) == {app: 1}


def test_a_page_of_a_cursor_counts_for_the_app_that_was_named() -> None:
    request = Request("GET", "/k/v1/records/cursor.json", {"id": "x"}, app=7)
    assert apps_counted(request, APPS) == {7: 1}


@pytest.mark.parametrize(
    ("method", "endpoint", "params"),
    [
        ("POST", "file", {}),
        ("GET", "file", {"fileKey": "x"}),
        ("GET", "apps", {"ids": [7]}),
        ("POST", "preview/app", {"name": "Orders"}),
        ("GET", "apis", {}),
        ("GET", "apis/records/get", {}),
        ("GET", "space", {"id": 3}),
        ("POST", "space/thread/comment", {"space": 3}),
        ("POST", "template/space", {}),
        ("GET", "apps/statistics", {}),
        ("GET", "plugins", {}),
        ("POST", "plugin", {}),
        ("GET", "app/plugins", {"app": 7}),
        ("POST", "guests", {}),
        ("POST", "bulkRequest", {"requests": []}),
    ],
)
def test_these_requests_do_not_count(method: str, endpoint: str, params: dict[str, Any]) -> None:
    assert not apps_counted(Request(method, f"/k/v1/{endpoint}.json", params), APPS)


def test_each_request_inside_a_bulk_request_counts_for_its_app() -> None:
    assert apps_counted(bulk(7, 8, "7", "orders"), APPS) == {7: 3, 8: 1}


def test_a_deploy_counts_for_each_of_its_apps() -> None:
    request = Request("POST", "/k/v1/preview/app/deploy.json", {"apps": [{"app": 7}, {"app": 8}]})
    assert apps_counted(request, APPS) == {7: 1, 8: 1}


def test_the_progress_of_a_deploy_counts_for_each_app() -> None:
    request = Request("GET", "/k/v1/preview/app/deploy.json", {"apps": [7, 8]})
    assert apps_counted(request, APPS) == {7: 1, 8: 1}


# -- the count ------------------------------------------------------------------------------------


def test_usage_has_the_requests_by_app_and_their_total() -> None:
    counter = meter()
    for request in (GET, GET, bulk(7, 8)):
        counter.count(request, APPS)
    usage = counter.usage()
    assert (usage.by_app, usage.total) == ({7: 3, 8: 1}, 4)


def test_usage_can_be_pickled_and_copied() -> None:
    meter = Meter(MemoryCounts(), "example.cybozu.com")
    meter.count(Request("GET", "/k/v1/records.json", {"app": 7}), {})
    usage = meter.usage()
    assert pickle.loads(pickle.dumps(usage)) == usage
    assert copy.deepcopy(usage) == usage


def test_usage_names_the_day_and_its_end() -> None:
    usage = meter().usage()
    assert usage.day == dt.date(2026, 11, 30)
    assert usage.ends == dt.datetime(2026, 12, 1, tzinfo=dt.timezone.utc)


def test_a_day_ends_at_nine_in_japan() -> None:
    japan = dt.timezone(dt.timedelta(hours=9))
    assert meter().usage().ends.astimezone(japan).hour == 9


def test_a_new_day_begins_with_nothing() -> None:
    today = Day()
    counter = meter(today=today)
    counter.count(GET, APPS)
    today.date += dt.timedelta(days=1)
    assert counter.usage().total == 0


def test_usage_does_not_change_afterwards() -> None:
    counter = meter()
    before = counter.usage()
    counter.count(GET, APPS)
    assert before.total == 0
    with pytest.raises(TypeError):
        before.by_app[7] = 1  # type: ignore[index]


def test_a_request_that_was_not_sent_is_taken_back() -> None:
    counter = meter()
    take_back = counter.count(GET, APPS)
    take_back()
    assert counter.usage() == Usage(dt.date(2026, 11, 30), {})


def test_a_request_is_taken_back_from_the_day_that_it_was_counted_on() -> None:
    today = Day()
    counter = meter(today=today)
    take_back = counter.count(GET, APPS)
    today.date += dt.timedelta(days=1)
    counter.count(GET, APPS)
    take_back()
    assert counter.usage().total == 1


def test_taking_back_a_request_that_does_not_count_changes_nothing() -> None:
    counter = meter()
    counter.count(Request("POST", "/k/v1/file.json"), APPS)()
    assert counter.usage().total == 0


# -- the budget -----------------------------------------------------------------------------------


def test_without_a_budget_there_is_nothing_left_to_name() -> None:
    assert meter().usage().left(7) is None


def test_usage_names_what_is_left_for_an_app() -> None:
    counter = meter(DailyBudget(10))
    counter.count(bulk(7, 7, 7), APPS)
    usage = counter.usage()
    assert (usage.budget, usage.left(7), usage.left(8)) == (10, 7, 10)


def test_the_requests_of_the_budget_are_sent_and_the_next_is_refused() -> None:
    counter = meter(DailyBudget(3))
    for _ in range(3):
        counter.count(GET, APPS)
    with pytest.raises(DailyBudgetExceeded):
        counter.count(GET, APPS)
    assert counter.usage().by_app == {7: 3}


def test_the_refusal_names_the_app_the_number_and_the_end_of_the_day() -> None:
    counter = meter(DailyBudget(1))
    counter.count(GET, APPS)
    with pytest.raises(DailyBudgetExceeded) as refused:
        counter.count(GET, APPS)
    assert str(refused.value) == (
        "App 7 got 1 of its 1 requests of today, so the request was not sent. The day ends at "
        "2026-12-01 00:00 UTC (09:00 in Japan). Go on then, or raise daily_budget in connect()."
    )
    error = refused.value
    assert (error.app, error.used, error.budget) == (7, 1, 1)
    assert error.ends == dt.datetime(2026, 12, 1, tzinfo=dt.timezone.utc)


def test_a_bulk_request_that_is_too_large_for_the_rest_is_not_counted() -> None:
    counter = meter(DailyBudget(3))
    counter.count(bulk(7, 7), APPS)
    with pytest.raises(DailyBudgetExceeded, match="got 2 of its 3 .*bulkRequest has 2 for it"):
        counter.count(bulk(8, 7, 7), APPS)
    assert counter.usage().by_app == {7: 2}


def test_another_app_has_a_budget_of_its_own() -> None:
    counter = meter(DailyBudget(1))
    counter.count(GET, APPS)
    counter.count(Request("GET", "/k/v1/records.json", {"app": 8}), APPS)
    assert counter.usage().by_app == {7: 1, 8: 1}


def test_on_the_next_day_the_budget_is_whole_again() -> None:
    today = Day()
    counter = meter(DailyBudget(1), today)
    counter.count(GET, APPS)
    today.date += dt.timedelta(days=1)
    counter.count(GET, APPS)
    assert counter.usage().left(7) == 0


def test_closing_a_cursor_is_counted_but_never_refused() -> None:
    counter = meter(DailyBudget(1))
    counter.count(GET, APPS)
    counter.count(CLOSE, APPS)
    assert (counter.usage().by_app, counter.usage().left(7)) == ({7: 2}, 0)


def test_a_file_is_sent_though_the_budget_is_used_up() -> None:
    counter = meter(DailyBudget(1))
    counter.count(GET, APPS)
    counter.count(Request("POST", "/k/v1/file.json", app=7), APPS)
    assert counter.usage().total == 1


def test_the_share_is_warned_about_once(caplog: pytest.LogCaptureFixture) -> None:
    counter = meter(DailyBudget(10))
    with caplog.at_level(logging.WARNING, "kintone_orm"):
        for _ in range(7):
            counter.count(GET, APPS)
        assert caplog.messages == []
        for _ in range(3):
            counter.count(GET, APPS)
    (message,) = caplog.messages
    assert message == (
        "App 7 got 8 of its 10 requests of today. The day ends at 2026-12-01 00:00 UTC (09:00 in "
        "Japan)."
    )


def test_the_share_can_be_chosen(caplog: pytest.LogCaptureFixture) -> None:
    counter = meter(DailyBudget(10, warn_at=0.1))
    with caplog.at_level(logging.WARNING, "kintone_orm"):
        counter.count(GET, APPS)
    assert len(caplog.messages) == 1


def test_each_day_has_a_warning_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    today = Day()
    counter = meter(DailyBudget(1), today)
    with caplog.at_level(logging.WARNING, "kintone_orm"):
        counter.count(GET, APPS)
        today.date += dt.timedelta(days=1)
        counter.count(GET, APPS)
    assert len(caplog.messages) == 2


@pytest.mark.parametrize("requests", [0, -1, True, "5", 1.5, None, float("inf")])
def test_a_budget_is_a_whole_number_above_0(requests: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="daily_budget: 'requests' must be a whole"):
        DailyBudget(requests)


@pytest.mark.parametrize("share", [0, -0.1, 1.1, True, "0.8", float("nan"), None])
def test_a_share_is_above_0_and_at_most_1(share: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="daily_budget: 'warn_at' must be a share"):
        DailyBudget(10, warn_at=share)


def test_the_error_survives_a_pickle() -> None:
    end = dt.datetime(2026, 12, 1, tzinfo=dt.timezone.utc)
    error = DailyBudgetExceeded("used up", app=7, used=9, budget=10, ends=end)
    copied = pickle.loads(pickle.dumps(error))
    assert (str(copied), vars(copied)) == (str(error), vars(error))
