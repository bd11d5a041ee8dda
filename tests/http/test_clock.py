import time

from kintone_orm.http.clock import Clock


def test_the_clock_goes_on_while_it_sleeps():
    clock = Clock()
    before = clock.now()
    clock.sleep(0.01)
    assert 0.01 <= clock.now() - before < 5


def test_the_clock_is_that_of_the_network():
    assert abs(Clock().now() - time.monotonic()) < 5
