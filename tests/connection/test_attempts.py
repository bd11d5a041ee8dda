from __future__ import annotations

import logging
import math
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.recording_adapter import RecordingAdapter, answer

from kintone_orm import Model, Retry, connect, fields, override
from kintone_orm.api.cursors import create_cursor, delete_cursor
from kintone_orm.api.files import download_file, upload_file
from kintone_orm.api.records import add_record, delete_records, get_record, update_record
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import (
    AuthenticationError,
    ConflictError,
    CursorExpired,
    ImproperlyConfigured,
    NotFound,
    RateLimited,
    ServerBusy,
    TransportError,
)
from kintone_orm.http.messages import Response
from kintone_orm.outcomes import CarriedOut, Outcome
from kintone_orm.testing import capture_requests, emulate

APP = 1
PAGE = b"<html></html>"


class Stock(Model):
    name = fields.SingleLineTextField("name")
    left = fields.NumberField("left")
    papers = fields.FileField("papers")

    class Meta:
        app = APP


@pytest.fixture
def kintone():
    with emulate(Stock, retry=True) as connection:
        add_record(connection, app=APP, record={"left": {"value": 10}})
        yield connection


def change(connection, revision=1, left=9):
    record = {"left": {"value": left}}
    return update_record(connection, app=APP, id=1, record=record, revision=revision)


def left_of(connection):
    return get_record(connection, app=APP, id=1)["record"]["left"]["value"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault.LOST_ANSWER,
        Fault.LOST_REQUEST,
        Fault.TRUNCATED_BODY,
        Fault.SERVICE_UNAVAILABLE,
        Fault.TOO_MANY_REQUESTS,
        Fault.DATABASE_LOCKED,
        Fault.IN_MAINTENANCE,
    ],
)
def test_a_read_is_sent_until_it_succeeds(kintone, fault):
    kintone.emulator.faults.add(fault, times=5)
    with capture_requests(kintone) as sent:
        assert left_of(kintone) == "10"
    assert [request.attempt for request in sent] == [1, 2, 3, 4, 5, 6]


def test_after_the_last_attempt_the_last_error_is_raised(kintone):
    kintone.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, times=None)
    with capture_requests(kintone) as sent, pytest.raises(ServerBusy):
        left_of(kintone)
    assert len(sent) == Retry().attempts


def test_retries_can_be_switched_off_with_one_word(kintone):
    kintone.emulator.faults.add(Fault.SERVICE_UNAVAILABLE)
    with override(retry=False), capture_requests(kintone) as sent, pytest.raises(ServerBusy):
        left_of(kintone)
    assert len(sent) == 1


def test_the_emulated_connection_of_a_test_does_not_retry():
    with emulate(Stock) as connection:
        connection.emulator.faults.add(Fault.TOO_MANY_REQUESTS)
        with pytest.raises(RateLimited):
            add_record(connection, app=APP)


@pytest.mark.parametrize(
    "fault", [Fault.TOO_MANY_REQUESTS, Fault.DATABASE_LOCKED, Fault.IN_MAINTENANCE]
)
def test_an_added_record_that_kintone_refused_for_now_is_added_once(kintone, fault):
    kintone.emulator.faults.add(fault, times=2)
    assert add_record(kintone, app=APP)["id"] == "2"


@pytest.mark.parametrize(
    "fault", [Fault.LOST_ANSWER, Fault.TRUNCATED_BODY, Fault.SERVICE_UNAVAILABLE]
)
def test_an_added_record_whose_answer_is_lost_is_not_sent_again(kintone, fault):
    kintone.emulator.faults.add(fault)
    with capture_requests(kintone) as sent, pytest.raises((TransportError, ServerBusy)) as caught:
        add_record(kintone, app=APP)
    assert (len(sent), caught.value.carried_out) == (1, CarriedOut.UNKNOWN)


def test_a_change_that_did_not_arrive_is_sent_again(kintone):
    kintone.emulator.faults.add(Fault.LOST_REQUEST)
    assert change(kintone) == {"revision": "2"}


def test_a_change_whose_answer_was_lost_is_never_a_conflict(kintone):
    kintone.emulator.faults.add(Fault.LOST_ANSWER)
    with capture_requests(kintone) as sent, pytest.raises(TransportError) as caught:
        change(kintone)
    assert len(sent) == 2
    assert caught.value.carried_out is CarriedOut.UNKNOWN
    assert "GAIA_CO02" in str(caught.value)
    assert left_of(kintone) == "9"


def test_a_conflict_without_a_lost_answer_is_a_conflict(kintone):
    change(kintone)
    with pytest.raises(ConflictError) as caught:
        change(kintone)
    assert caught.value.carried_out is CarriedOut.NO


def test_the_error_of_the_lost_answer_is_raised_even_if_the_server_is_gone_afterwards(kintone):
    kintone.emulator.faults.add(Fault.LOST_ANSWER)
    kintone.emulator.faults.add(Fault.IN_MAINTENANCE, times=None)
    with pytest.raises(TransportError) as caught:
        change(kintone)
    assert caught.value.carried_out is CarriedOut.UNKNOWN


def test_the_text_about_the_last_attempt_ends_with_a_full_stop(kintone):
    kintone.emulator.faults.add(Fault.LOST_ANSWER)
    with pytest.raises(TransportError) as caught:
        change(kintone)
    text = caught.value.message
    assert " It was sent 2 times. The last attempt does not show whether " in text
    assert text.endswith(".")
    assert ".." not in text


def answers_once_then(kintone, error):
    """A wrapper that loses the first answer to a change, and then raises an error of its own."""

    def lose(send, request):
        if request.method == "PUT" and request.attempt > 1:
            raise error
        return send(request)

    kintone.emulator.faults.add(Fault.LOST_ANSWER, method="PUT")
    return kintone.wrap(lose)


@pytest.mark.parametrize(
    "error",
    [AuthenticationError("no token"), ConflictError("of a wrapper"), ServerBusy("of a wrapper")],
)
def test_an_error_of_a_wrapper_does_not_hide_that_an_answer_was_lost(kintone, error):
    with answers_once_then(kintone, error), pytest.raises(TransportError) as caught:
        change(kintone)
    assert caught.value.carried_out is CarriedOut.UNKNOWN
    assert caught.value.__cause__ is error
    assert left_of(kintone) == "9"


def test_an_error_that_a_wrapper_raises_for_a_read_is_never_unknown(kintone):
    def refuse(send, request):
        raise ServerBusy("of a wrapper")

    with kintone.wrap(refuse):
        with pytest.raises(ServerBusy) as of_read:
            left_of(kintone)
        with pytest.raises(ServerBusy) as of_write:
            change(kintone)
    assert of_read.value.carried_out is CarriedOut.NO
    assert of_write.value.carried_out is CarriedOut.UNKNOWN


def test_a_cursor_whose_closing_lost_its_answer_is_closed(kintone):
    cursor = create_cursor(kintone, app=APP)["id"]
    kintone.emulator.faults.add(Fault.LOST_ANSWER, method="DELETE")
    assert delete_cursor(kintone, id=cursor) == {}


def test_a_cursor_that_was_never_there_cannot_be_closed(kintone):
    kintone.emulator.faults.add(Fault.TOO_MANY_REQUESTS, method="DELETE")
    with pytest.raises(CursorExpired):
        delete_cursor(kintone, id="none")


def test_a_deletion_whose_answer_was_lost_is_done_when_the_record_is_gone(kintone):
    kintone.emulator.faults.add(Fault.LOST_ANSWER)
    assert delete_records(kintone, app=APP, ids=[1], revisions=[1]) == {}


def test_a_record_that_was_never_there_is_not_found(kintone):
    with pytest.raises(NotFound):
        delete_records(kintone, app=APP, ids=[7], revisions=[1])


def test_a_deletion_that_meets_a_newer_revision_after_a_lost_answer_is_a_conflict(kintone):
    change(kintone)
    kintone.emulator.faults.add(Fault.LOST_REQUEST)
    with pytest.raises(ConflictError) as caught:
        delete_records(kintone, app=APP, ids=[1], revisions=[1])
    assert caught.value.carried_out is CarriedOut.NO


def test_a_deletion_without_revision_is_not_sent_again(kintone):
    kintone.emulator.faults.add(Fault.LOST_ANSWER)
    with pytest.raises(TransportError) as caught:
        delete_records(kintone, app=APP, ids=[1])
    assert caught.value.carried_out is CarriedOut.UNKNOWN


def test_a_file_is_sent_again_from_its_position(kintone):
    kintone.emulator.faults.add(Fault.TOO_MANY_REQUESTS)
    file = BytesIO(b"xxcontent")
    file.seek(2)
    key = upload_file(kintone, file=file, name="a.txt")["fileKey"]
    added = add_record(kintone, app=APP, record={"papers": {"value": [{"fileKey": key}]}})
    (paper,) = Stock.objects.get(pk=int(added["id"])).papers
    assert paper.read() == b"content"


def test_a_file_that_was_read_before_the_refusal_is_sent_whole_again():
    bodies = []

    class Server(RecordingAdapter):
        def send(self, request, *args, **kwargs):
            bodies.append(b"".join(request.body))
            return super().send(request, *args, **kwargs)

    server = Server(answer({}, 429), answer({"fileKey": "k"}))
    connection = connect(
        "https://x.cybozu.com", api_token="t", adapter=server, retry=Retry(first_wait=0.01)
    )
    file = BytesIO(b"xxcontent")
    file.seek(2)
    assert upload_file(connection, file=file, name="a.txt") == {"fileKey": "k"}
    assert [b"\r\n\r\ncontent\r\n" in body for body in bodies] == [True, True]


def test_a_download_that_is_refused_for_now_is_asked_for_again(kintone):
    kintone.emulator.faults.add(Fault.TOO_MANY_REQUESTS)
    with pytest.raises(NotFound), capture_requests(kintone) as sent:
        download_file(kintone, file_key="none")
    assert [request.attempt for request in sent] == [1, 2]


def test_each_attempt_passes_through_the_wrappers(kintone):
    numbers = []

    def note(send, request):
        numbers.append(request.attempt)
        return send(request)

    kintone.emulator.faults.add(Fault.DATABASE_LOCKED)
    with kintone.wrap(note):
        left_of(kintone)
    assert numbers == [1, 2]


def test_the_answer_of_a_wrapper_is_judged_like_any_other(kintone):
    answers = [Response(503, {}, PAGE), Response(200, {}, b'{"record": {}}')]
    with kintone.wrap(lambda send, request: answers.pop(0)):
        assert kintone.request("GET", "record") == {"record": {}}


def test_the_exception_of_a_wrapper_ends_the_request(kintone):
    calls = []

    def refuse(send, request):
        calls.append(request)
        raise TransportError("of a wrapper", outcome=Outcome.NOT_SENT)

    with kintone.wrap(refuse), pytest.raises(TransportError, match="of a wrapper"):
        left_of(kintone)
    assert len(calls) == 1


def test_an_exception_after_a_lost_answer_does_not_hide_it(kintone):
    kintone.emulator.faults.add(Fault.LOST_ANSWER)

    def fail(send, request):
        if request.attempt == 2:
            raise OSError("hush")
        return send(request)

    with kintone.wrap(fail), pytest.raises(TransportError, match="Attempt 2 ended with") as lost:
        change(kintone)
    assert lost.value.carried_out is CarriedOut.UNKNOWN
    assert isinstance(lost.value.__cause__, OSError)
    assert "hush" not in str(lost.value)
    assert left_of(kintone) == "9"


def test_no_attempt_begins_that_cannot_end_before_the_deadline(kintone):
    kintone.emulator.faults.add(Fault.IN_MAINTENANCE, times=None)
    before = kintone.clock.now()
    patient = Retry(attempts=1000, first_wait=10, longest_wait=10)
    with override(retry=patient, deadline=60), pytest.raises(ServerBusy):
        left_of(kintone)
    assert kintone.clock.now() - before < 60


def test_a_request_whose_deadline_has_passed_is_not_sent(kintone):
    def wait(send, request):
        kintone.clock.sleep(5)
        return send(request)

    with kintone.wrap(wait), override(deadline=5), pytest.raises(TransportError) as caught:
        add_record(kintone, app=APP)
    assert caught.value.carried_out is CarriedOut.NO
    assert caught.value.outcome is Outcome.OUT_OF_TIME


def test_the_server_may_ask_for_a_longer_wait(kintone):
    answers = [Response(429, {"Retry-After": "77"}, b""), Response(200, {}, b"{}")]
    before = kintone.clock.now()
    with kintone.wrap(lambda send, request: answers.pop(0)):
        kintone.request("GET", "record")
    assert kintone.clock.now() - before >= 77


@pytest.mark.parametrize(
    "text", ["", "soon", "-1", "Mon, 30 Nov 2026 00:00:00 GMT", "Mon, 30 Nov 2026 00:00:00 -0000"]
)
def test_a_wait_that_makes_no_sense_is_ignored(kintone, text):
    answers = [Response(429, {"Retry-After": text}, b""), Response(200, {}, b"{}")]
    before = kintone.clock.now()
    with kintone.wrap(lambda send, request: answers.pop(0)):
        kintone.request("GET", "record")
    assert kintone.clock.now() - before < 60


def test_a_wait_beyond_the_deadline_is_not_begun(kintone):
    answers = [Response(429, {"Retry-After": "9" * 400}, b"")]
    with kintone.wrap(lambda send, request: answers.pop(0)), pytest.raises(RateLimited) as caught:
        kintone.request("GET", "record")
    assert caught.value.retry_after == math.inf


@pytest.mark.parametrize(("seconds", "waits"), [(3600, True), (3601, False), ("9" * 400, False)])
def test_without_a_deadline_a_server_may_ask_for_an_hour(kintone, seconds, waits):
    answers = [Response(429, {"Retry-After": str(seconds)}, b"")]

    def once(send, request):
        return answers.pop() if answers else send(request)

    before = kintone.clock.now()
    with kintone.wrap(once):
        if waits:
            upload_file(kintone, file=BytesIO(b"content"), name="a.txt")
        else:
            with pytest.raises(RateLimited):
                upload_file(kintone, file=BytesIO(b"content"), name="a.txt")
    assert (3600 <= kintone.clock.now() - before < 7200) is waits


def test_a_retry_is_logged_with_its_reason(kintone, caplog):
    kintone.emulator.faults.add(Fault.IN_MAINTENANCE)
    with caplog.at_level(logging.WARNING, logger="kintone_orm"):
        left_of(kintone)
    (line,) = caplog.messages
    assert "attempt 1" in line
    assert "maintenance" in line


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b'{"records": 1}', b"{", b"\xff"])
def test_a_page_of_records_that_is_not_kintones_is_asked_for_again(kintone, body):
    answers = [Response(200, {}, body)]

    def once(send, request):
        return answers.pop() if answers else send(request)

    with kintone.wrap(once):
        assert len(Stock.objects.all()) == 1


def test_the_connection_of_a_program_retries_by_default():
    adapter = RecordingAdapter(answer(PAGE, 503), answer(b'{"record": {}}'))
    connection = connect(
        "https://x.cybozu.com",
        api_token="t",
        adapter=adapter,
        retry=Retry(first_wait=0.001),
        alias="retrying",
    )
    assert connection.request("GET", "record") == {"record": {}}
    assert len(adapter.sent) == 2


@pytest.mark.parametrize("value", [0, -1, "5", True, math.nan, math.inf])
def test_a_deadline_that_makes_no_sense_is_refused_at_once(value):
    with pytest.raises(ImproperlyConfigured, match="'deadline'"):
        connect("https://x.cybozu.com", api_token="t", deadline=value, alias="none")
    with pytest.raises(ImproperlyConfigured, match="'deadline'"), override(deadline=value):
        pass


@pytest.mark.parametrize("value", [5, "off", None])
def test_retries_are_a_retry_or_a_truth_value(value):
    with pytest.raises(ImproperlyConfigured, match="'retry'"):
        connect("https://x.cybozu.com", api_token="t", retry=value, alias="none")


@given(
    faults=st.lists(
        st.sampled_from([None, Fault.LOST_ANSWER, Fault.LOST_REQUEST, Fault.DATABASE_LOCKED]),
        max_size=8,
    )
)
def test_a_change_happens_at_most_once_and_its_error_matches_the_store(faults):
    with emulate(Stock, retry=True) as connection:
        add_record(connection, app=APP, record={"left": {"value": 10}})
        passed = 0
        for fault in faults:
            if fault is None:
                passed += 1
            else:
                connection.emulator.faults.add(fault, after=passed)
        try:
            change(connection)
        except (TransportError, ServerBusy, ConflictError) as error:
            ended = error.carried_out
        else:
            ended = CarriedOut.YES
        connection.emulator.faults.clear()
        record = get_record(connection, app=APP, id=1)["record"]
    stored = {"10": CarriedOut.NO, "9": CarriedOut.YES}[record["left"]["value"]]
    assert ended in (stored, CarriedOut.UNKNOWN)
    assert record["$revision"]["value"] in ("1", "2")
