"""A change of settings whose answer is lost is looked for, and sent again if it was not made."""

from __future__ import annotations

from contextlib import suppress

import pytest

from kintone_orm import Model, fields
from kintone_orm.apps.deploying.settings_writes import SettingsWrites
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import (
    APIError,
    ConflictError,
    InvalidInput,
    ServerBusy,
    TransportError,
)
from kintone_orm.outcomes import CarriedOut
from kintone_orm.testing import capture_requests, emulate


class Small(Model):
    title = fields.SingleLineTextField()


@pytest.fixture
def kintone():
    with emulate(Small) as connection:
        yield connection


class Script:
    """A function that gives these answers, one for each call, and raises those that are errors."""

    def __init__(self, *answers):
        self.left = list(answers)

    def __call__(self):
        answer = self.left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def lost():
    return TransportError("The answer is lost.", method="POST")


def refused():
    return ConflictError("The revision is not the current one.", status=409, code="GAIA_CO03")


def send(kintone, written, read=(), writes=None):
    """Send a change. All of the scripted answers must be used."""
    write, read_result = Script(*written), Script(*read)
    try:
        writes = writes or SettingsWrites(kintone, timeout=60)
        return writes.send([kintone.apps["small"]], write, read_result)
    finally:
        assert not write.left
        assert not read_result.left


def test_an_answer_is_returned(kintone):
    assert send(kintone, ["answer"]) == "answer"


def test_of_a_lost_answer_the_result_is_read(kintone):
    assert send(kintone, [lost()], ["result"]) == "result"


def test_a_change_that_was_not_made_is_sent_again(kintone):
    assert send(kintone, [lost(), "answer"], [None]) == "answer"


def test_a_change_is_sent_again_if_its_result_cannot_be_read(kintone):
    assert send(kintone, [lost(), "answer"], [lost()]) == "answer"


def test_a_change_that_arrives_late_is_read_after_the_refusal_of_the_second(kintone):
    assert send(kintone, [lost(), refused()], [None, "result"]) == "result"


def test_after_a_lost_answer_a_refusal_says_nothing(kintone):
    first = lost()
    with pytest.raises(TransportError) as caught:
        send(kintone, [first, refused()], [None, None])

    assert caught.value is first


def test_after_three_lost_answers_the_error_keeps_its_cause(kintone):
    last, cause = lost(), OSError("reset")
    last.__cause__ = cause
    with pytest.raises(TransportError) as caught:
        send(kintone, [lost(), lost(), last], [None, None, None])

    assert caught.value is last
    assert last.__cause__ is cause


def test_a_page_that_is_not_kintones_is_a_lost_answer(kintone):
    assert (
        send(kintone, [ServerBusy("Not available.", status=503, method="PUT")], ["result"])
        == "result"
    )


def test_a_refusal_is_raised_after_a_look_at_the_deploy_status(kintone):
    with capture_requests(kintone) as sent, pytest.raises(ConflictError):
        send(kintone, [refused()])

    assert [(r.method, r.path) for r in sent] == [("GET", "/k/v1/preview/app/deploy.json")]


def test_a_refusal_is_raised_if_the_deploy_status_cannot_be_read(kintone):
    kintone.emulator.faults.add(Fault.LOST_REQUEST)
    with pytest.raises(InvalidInput):
        send(kintone, [InvalidInput("No.", status=400, code="CB_VA01")])


def test_kintone_gets_time_after_a_lost_answer(kintone):
    before = kintone.clock.now()
    send(kintone, [lost(), lost()], [None, "result"])

    assert kintone.clock.now() - before >= 0.5


@pytest.mark.parametrize(
    ("written", "read", "carried_out"),
    [
        (["answer"], [], "YES"),
        ([refused()], [], "NO"),
        ([lost()], ["result"], "YES"),
        ([lost(), "answer"], [None], "YES"),
        ([lost(), refused()], [None, "result"], "YES"),
        ([lost(), refused()], [None, None], "UNKNOWN"),
        ([lost(), lost(), lost()], [None, lost(), None], "UNKNOWN"),
    ],
)
def test_it_is_known_whether_something_was_changed(kintone, written, read, carried_out):
    writes = SettingsWrites(kintone, timeout=60)
    with suppress(APIError):
        send(kintone, written, read, writes)

    assert writes.carried_out is CarriedOut[carried_out]


def test_a_refusal_after_a_change_leaves_it_changed(kintone):
    writes = SettingsWrites(kintone, timeout=60)
    send(kintone, ["answer"], writes=writes)
    with suppress(APIError):
        send(kintone, [refused()], writes=writes)

    assert writes.carried_out is CarriedOut.YES
