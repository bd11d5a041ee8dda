from __future__ import annotations

import gc

import pytest

from kintone_orm.http.collector import pausing_collector


@pytest.fixture(params=[True, False], ids=["on", "off"])
def collecting(request):
    """Switch the collector on or off until the test ends."""
    before = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


def test_the_collector_is_off_inside_and_then_as_it_was(collecting):
    with pausing_collector():
        assert not gc.isenabled()
    assert gc.isenabled() is collecting


def test_it_is_as_it_was_after_an_error_too(collecting):
    with pytest.raises(ZeroDivisionError), pausing_collector():
        raise ZeroDivisionError
    assert gc.isenabled() is collecting


def test_of_two_pauses_the_outer_one_ends_it():
    with pausing_collector():
        with pausing_collector():
            pass
        assert not gc.isenabled()
