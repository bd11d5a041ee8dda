from __future__ import annotations

import threading

import pytest

from kintone_orm.emulator import HTTPRequest


@pytest.mark.parametrize("path", ["apps.json", "nonsense.json"])
def test_every_answer_has_the_number_of_running_requests(kintone, path):
    headers = kintone.send("GET", path).headers
    assert headers["X-ConcurrencyLimit-Limit"] == "100"
    assert headers["X-ConcurrencyLimit-Running"] == "1"


def test_the_hundred_and_first_request_at_once_is_refused(emulator):
    request = HTTPRequest("GET", "/k/v1/apps.json")
    with emulator._domain.lock:
        waiting = [threading.Thread(target=emulator.handle, args=(request,)) for _ in range(100)]
        for thread in waiting:
            thread.start()
        while emulator._proxy.running < 100:
            pass
        refused = emulator.handle(request)
    for thread in waiting:
        thread.join()
    assert refused.status == 429
    assert refused.headers["X-Cybozu-Error"] == "GAIA_TO04"
    assert refused.headers["X-ConcurrencyLimit-Running"] == "101"
    assert b"The number of concurrent API requests exceeds the limit." in refused.body
