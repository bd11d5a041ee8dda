"""No repr, attribute, pickle, copy or log of what a program holds shows a secret."""

from __future__ import annotations

import copy
import logging
import pickle
import pprint
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from support.failing_programs import MORE, THIRTEEN, connected
from support.local_server import reply, serving
from support.markers import LOGINS, find_markers
from support.models.geography import City

from kintone_orm.connection import Connection, connections
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.models.record.decoding.page_decoder import decode
from kintone_orm.settings import PartialSettings, Settings
from kintone_orm.testing import capture_requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from http.server import BaseHTTPRequestHandler

RECORD = {
    "$id": {"type": "__ID__", "value": "1"},
    "$revision": {"type": "__REVISION__", "value": "1"},
}
# The objects that cannot be pickled: the settings, and the headers of a request.
UNPICKLED = (Settings, PartialSettings, dict)


@pytest.fixture(params=LOGINS)
def login(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param
    if "secret" in connections:
        del connections["secret"]


@pytest.fixture
def connection(login: str) -> Iterator[Connection]:
    """A connection with an open network connection, after a request."""

    def handle(handler: BaseHTTPRequestHandler) -> None:
        reply(handler, b'{"apps": []}')

    with serving(handle) as url:
        connection = connected(url, login)
        connection.request("GET", "apps")
        yield connection
        connection.close()


def errors_of(login: str) -> Iterator[KintoneORMError]:
    for program in (*THIRTEEN, *MORE):
        try:
            program(login)
        except KintoneORMError as error:
            yield error
        except Exception:  # noqa: BLE001 - of the programs whose error is not ours
            continue


def owned(connection: Connection) -> list[Any]:
    """What a program gets from the connection, and what it consists of."""
    settings = connection.settings
    with capture_requests(connection) as sent:
        connection.request("GET", "apps")
    (city,) = decode(City, [RECORD], connection)
    queryset = City.objects.none().using(connection)
    headers = settings.credentials.headers(())
    return [connection, settings, connection._arguments, headers, *sent, city, queryset]


def attributes(thing: object) -> dict[str, object]:
    names = [*getattr(thing, "__slots__", ()), *getattr(thing, "__dict__", ())]
    return {name: getattr(thing, name, None) for name in names}


@pytest.mark.parametrize("show", [repr, str, pprint.pformat])
def test_no_repr_and_no_attribute_shows_a_secret(
    connection: Connection, show: Callable[[object], str]
) -> None:
    for thing in owned(connection):
        assert find_markers(show(thing)) == []
        assert find_markers(show(attributes(thing))) == []


@pytest.mark.parametrize("protocol", [2, pickle.HIGHEST_PROTOCOL])
def test_a_pickle_has_no_secret(connection: Connection, protocol: int) -> None:
    for thing in owned(connection):
        if not isinstance(thing, UNPICKLED):
            assert find_markers(pickle.dumps(thing, protocol)) == []


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_settings_and_headers_cannot_be_pickled(connection: Connection, protocol: int) -> None:
    unpickled = [thing for thing in owned(connection) if isinstance(thing, UNPICKLED)]
    assert len(unpickled) == 3
    for thing in unpickled:
        with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
            pickle.dumps(thing, protocol)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_is_masked_or_refused(
    connection: Connection, copied: Callable[[object], object]
) -> None:
    for thing in owned(connection):
        with suppress(TypeError):
            twin = copied(thing)
            assert find_markers(repr(twin) + repr(attributes(twin))) == []


def test_an_error_can_be_pickled_and_copied_without_a_secret(login: str) -> None:
    errors = list(errors_of(login))
    assert len(errors) > 10
    for error in errors:
        assert find_markers(pickle.dumps(error)) == []
        for twin in (copy.copy(error), copy.deepcopy(error), error):
            assert find_markers(repr(twin) + str(twin) + repr(vars(twin))) == []


def test_the_logs_of_all_libraries_show_no_secret(
    login: str, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    connection.close()
    connection.request("GET", "apps")
    assert list(errors_of(login))
    assert {"kintone_orm", "urllib3.connectionpool"} <= {line.name for line in caplog.records}
    assert find_markers(caplog.text) == []
    for line in caplog.records:
        assert find_markers(repr(vars(line))) == []
