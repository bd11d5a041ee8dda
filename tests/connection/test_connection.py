from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import requests
from support.connecting import URL, made
from support.locks import held_elsewhere
from support.recording_adapter import RecordingAdapter, answer

from kintone_orm.connection import Connection, Connections, connect
from kintone_orm.exceptions import ImproperlyConfigured, NotFound, TransportError
from kintone_orm.http import request_kinds
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Callable


# Requests


def test_a_request_is_sent_and_its_answer_decoded() -> None:
    adapter = RecordingAdapter(answer({"record": {}}))
    assert made(adapter).request("GET", "record", {"app": 7, "id": 1}) == {"record": {}}
    assert adapter.last.url == f"{URL}/k/v1/record.json?app=7&id=1"
    assert adapter.last.headers["X-Cybozu-API-Token"] == "hush"


def test_the_records_of_a_write_that_succeeds_are_not_searched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The kind of a write depends on each value of its records; only a failure needs the kind."""
    monkeypatch.setattr(request_kinds, "_contains_file", lambda _value: pytest.fail("searched"))
    records = [{"id": 1, "revision": 2, "record": {}}]
    made(RecordingAdapter()).request("PUT", "records", {"app": 7, "records": records})


@pytest.mark.parametrize(
    ("method", "endpoint", "params", "written"),
    [
        ("POST", "record", {"app": 7}, {"7"}),
        ("PUT", "records", {"app": "7", "records": []}, {"7"}),
        (
            "POST",
            "bulkRequest",
            {"requests": [{"payload": {"app": 7}}, {"payload": {"app": 8}}]},
            {"7", "8"},
        ),
        ("GET", "records", {"app": 7}, set()),
        ("GET", "records", {"app": 7, "query": "x" * 9_000}, set()),
    ],
)
def test_the_apps_of_a_write_have_a_new_last_write(
    method: str, endpoint: str, params: dict[str, object], written: set[str]
) -> None:
    connection = made(RecordingAdapter())
    before = {"7": object(), "8": object()}
    connection.last_writes.update(before)
    connection.request(method, endpoint, params)
    assert {app for app in before if connection.last_writes[app] is not before[app]} == written


def test_a_write_whose_answer_is_lost_counts_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(*_args: object, **_options: object) -> None:
        raise requests.ReadTimeout

    adapter = RecordingAdapter()
    monkeypatch.setattr(adapter, "send", lose)
    connection = made(adapter)
    with pytest.raises(TransportError):
        connection.request("POST", "record", {"app": 7})
    assert "7" in connection.last_writes


def test_an_open_connection_needs_no_lock() -> None:
    # A forked process would wait for ever for a lock that another thread held at that moment.
    connection = made(RecordingAdapter(answer({"record": {}})))
    connection.request("GET", "record", {"app": 7, "id": 1})
    registry = Connections()
    registry.add(connection)
    with held_elsewhere(connection._lock, registry._lock), ThreadPoolExecutor() as pool:
        sending = registry[connection.alias].request
        sent = pool.submit(sending, "GET", "record", {"app": 7, "id": 1})
        assert sent.result(timeout=30) == {"record": {}}


def test_a_refusal_is_raised() -> None:
    adapter = RecordingAdapter(answer({"code": "GAIA_RE01", "message": "No."}, 404))
    with pytest.raises(NotFound, match="GAIA_RE01"):
        made(adapter).request("GET", "record", {"app": 7, "id": 1})


def test_a_redirect_is_refused() -> None:
    adapter = RecordingAdapter(answer(b"", 301, {"Location": "https://evil.example/"}))
    with pytest.raises(TransportError, match=r"redirects to evil\.example"):
        made(adapter).request("GET", "apps")


def test_in_a_guest_space_every_path_names_it() -> None:
    assert made(guest_space=3).path("records/cursor") == "/k/guest/3/v1/records/cursor.json"


def test_outside_guest_spaces_no_path_names_one() -> None:
    assert made().path("preview/app/form/fields") == "/k/v1/preview/app/form/fields.json"


@pytest.mark.parametrize("endpoint", ["/k/v1/records.json", "records.json", "/records"])
def test_an_endpoint_with_its_prefix_or_suffix_is_refused(endpoint: str) -> None:
    with pytest.raises(ValueError, match="Give the endpoint, such as 'records/cursor'"):
        made().request("GET", endpoint)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="one of DELETE, GET, POST, PUT, not 'get'"):
        made().request("get", "records")


def test_a_refused_download_is_raised() -> None:
    adapter = RecordingAdapter(answer({"code": "GAIA_BL01", "message": "No."}, 404))
    with pytest.raises(NotFound, match="GAIA_BL01"):
        made(adapter).download("file", {"fileKey": "k"})


# Apps and their tokens


def test_an_app_is_known_by_its_key_or_its_id() -> None:
    connection = made(apps={"orders": 12})
    assert (connection.app_id("orders"), connection.app_id(5)) == (12, 5)


def test_an_unknown_key_is_refused_with_the_known_ones() -> None:
    expected = r"'sales' does not know the app 'order' \(known: customers, orders\).*'order': <its"
    with pytest.raises(ImproperlyConfigured, match=expected):
        made(alias="sales", apps={"orders": 12, "customers": 13}).app_id("order")


def test_an_app_can_become_known_later() -> None:
    connection = made()
    connection.apps["orders"] = 12
    assert connection.app_id("orders") == 12


TOKENS = {**{app: f"t{app}" for app in range(1, 12)}, "orders": "t12"}


def sent_tokens(adapter: RecordingAdapter) -> list[str]:
    return adapter.last.headers["X-Cybozu-API-Token"].split(",")


@pytest.mark.parametrize(
    ("params", "app", "token"),
    [
        ({"app": 11}, None, "t11"),
        ({"app": 12}, None, "t12"),
        ({"id": "0f3c"}, 12, "t12"),
        ({"id": "0f3c"}, "orders", "t12"),
    ],
)
def test_of_many_tokens_that_of_the_app_goes_first(
    adapter: RecordingAdapter, params: dict[str, Any], app: int | str | None, token: str
) -> None:
    connection = made(adapter, api_token=TOKENS, apps={"orders": 12})
    connection.request("GET", "records", params, app=app)
    assert len(sent_tokens(adapter)) == 9
    assert sent_tokens(adapter)[0] == token


# Sources of settings


def test_nothing_is_read_before_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connect()
    monkeypatch.setenv("KINTONE_BASE_URL", URL)
    monkeypatch.setenv("KINTONE_API_TOKEN", "late")
    assert connection.base_url == URL
    assert connection.settings.credentials.headers(()) == {"X-Cybozu-API-Token": "late"}


def test_what_stands_in_for_the_network_is_shown_nothing_of_the_environment(
    adapter: RecordingAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINTONE_BASIC_AUTH_USERNAME", "gate")
    monkeypatch.setenv("KINTONE_BASIC_AUTH_PASSWORD", "secret")
    monkeypatch.setenv("KINTONE_GUEST_SPACE_ID", "3")
    connect(URL, api_token="t", adapter=adapter).request("GET", "records", {"app": 1})
    (sent,) = adapter.sent
    assert "Authorization" not in sent.headers
    assert "/guest/" not in sent.url


# Secrets and copies


def test_the_repr_shows_where_but_no_secret() -> None:
    assert repr(made()) == "<Connection 'default': https://example.cybozu.com>"


def test_the_repr_reads_no_environment() -> None:
    assert repr(connect()) == "<Connection 'default': from the environment>"


def test_a_pickle_holds_the_alias_only() -> None:
    connection = made()
    pickled = pickle.dumps(connection)
    assert b"hush" not in pickled
    assert pickle.loads(pickled) is connection


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_is_the_connection_itself(copied: Callable[[Connection], Connection]) -> None:
    connection = made()
    assert copied(connection) is connection


def test_with_an_adapter_the_advice_does_not_name_the_environment(
    adapter: RecordingAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINTONE_USERNAME", "sato")
    monkeypatch.setenv("KINTONE_PASSWORD", "of the real one")
    connection = connect("https://x.invalid", adapter=adapter)
    with pytest.raises(
        ImproperlyConfigured, match="With an adapter, the environment is not"
    ) as refused:
        connection.request("GET", "apps", {})
    assert "KINTONE_" not in str(refused.value)


def test_a_pickle_made_when_the_package_was_a_module_still_loads() -> None:
    connection = made(alias="sales")
    assert pickle.loads(b"ckintone_orm.connection\n_registered\n(Vsales\ntR.") is connection


def test_the_old_name_of_is_implicit_still_works() -> None:
    with pytest.warns(DeprecationWarning, match=r"made_by_itself is deprecated"):
        assert made(alias="sales").made_by_itself is False


def test_the_old_name_of_the_settings_argument_still_works() -> None:
    make: Any = Connection
    with pytest.warns(DeprecationWarning, match="the argument 'said' is deprecated"):
        assert make(said=parse_settings(base_url=URL, api_token="t")).alias == "default"
