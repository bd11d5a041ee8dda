import pytest

from kintone_orm.connection.time_limits import seconds_in_all, seconds_of_waits
from kintone_orm.http.messages import Request

READ = Request("GET", "/k/v1/records.json")
CURSOR = Request("POST", "/k/v1/records/cursor.json")
PAGE = Request("GET", "/k/v1/records/cursor.json")
BULK = Request("POST", "/k/guest/3/v1/bulkRequest.json")
UPLOAD = Request("POST", "/k/v1/file.json")
DOWNLOAD = Request("GET", "/k/v1/file.json", stream=True)


@pytest.mark.parametrize("request_", [CURSOR, BULK])
def test_slow_requests_have_longer_limits(request_):
    assert seconds_of_waits(request_, None) == (10, 300)
    assert seconds_in_all(request_, None) == 600


@pytest.mark.parametrize("request_", [READ, PAGE])
def test_other_requests_have_shorter_limits(request_):
    assert seconds_of_waits(request_, None) == (10, 60)
    assert seconds_in_all(request_, None) == 120


@pytest.mark.parametrize("request_", [UPLOAD, DOWNLOAD])
def test_files_have_no_deadline_of_their_own(request_):
    assert seconds_in_all(request_, None) is None


@pytest.mark.parametrize("request_", [READ, CURSOR, BULK, UPLOAD, DOWNLOAD])
def test_explicit_limits_apply_to_every_request(request_):
    assert seconds_of_waits(request_, (1, 2)) == (1, 2)
    assert seconds_in_all(request_, 3) == 3
