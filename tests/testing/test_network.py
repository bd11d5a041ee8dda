"""block_network(): requests to other hosts fail, requests to this computer do not."""

from __future__ import annotations

import threading

import pytest
from support.local_server import reply, serving
from support.models.geography import Country
from support.recording_adapter import RecordingAdapter

from kintone_orm.connection import connect, connections
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.http.network.transport import Transport
from kintone_orm.testing import NetworkBlocked, block_network, emulate

# Hosts of `.invalid` do not exist: a request that is not blocked fails with another error.
HOST = "sandbox.invalid"


@pytest.fixture
def real():
    yield connect(f"https://{HOST}", api_token="secret", alias="real", retry=False)
    del connections["real"]


def is_blocked(connection):
    try:
        connection.request("GET", "apps")
    except NetworkBlocked:
        return True
    except KintoneORMError:
        return False
    raise AssertionError("an answer")


def test_a_real_host_is_out_of_reach(real):
    with block_network(), pytest.raises(NetworkBlocked) as caught:
        real.request("GET", "apps")
    assert str(caught.value).startswith(
        "GET /k/v1/apps.json would go to sandbox.invalid, a real kintone. It was not sent."
    )
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("allow", [[HOST], ["*.invalid"], ["*"], ["other.invalid", HOST.upper()]])
def test_a_host_that_is_allowed_is_asked(real, allow):
    with block_network(allow=allow):
        assert not is_blocked(real)


@pytest.mark.parametrize("allow", [["invalid"], ["other.invalid"], ["sandbox"], [""]])
def test_another_host_is_not(real, allow):
    with block_network(allow=allow):
        assert is_blocked(real)


def test_this_computer_is_in_reach():
    with (
        block_network(),
        serving(lambda handler: reply(handler, b'{"apps": []}')) as url,
    ):
        near = connect(url, api_token="token", alias="near")
        assert near.request("GET", "apps") == {"apps": []}
        near.close()
    del connections["near"]


def test_an_adapter_is_in_reach():
    adapter = RecordingAdapter()
    with block_network():
        connect(f"https://{HOST}", api_token="token", alias="near", adapter=adapter).request(
            "GET", "apps"
        )
    assert len(adapter.sent) == 1
    del connections["near"]


def test_an_emulated_kintone_is_in_reach():
    with block_network(), emulate(Country):
        assert Country.objects.count() == 0


def test_other_threads_are_blocked_as_well(real):
    found = []
    with block_network():
        thread = threading.Thread(target=lambda: found.append(is_blocked(real)))
        thread.start()
        thread.join()
    assert found == [True]


def test_the_innermost_block_decides(real):
    with block_network():
        with block_network(allow=[HOST]):
            assert not is_blocked(real)
        assert is_blocked(real)


def test_afterwards_everything_is_as_it_was():
    before = Transport.send
    with pytest.raises(ZeroDivisionError), block_network():
        _ = 1 / 0
    assert Transport.send is before


def test_no_handler_of_a_program_takes_it_for_an_outage():
    assert not issubclass(NetworkBlocked, KintoneORMError)
