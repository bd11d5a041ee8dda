"""A read that requests pages ahead behaves as one that does not, whatever surrounds it."""

from __future__ import annotations

import contextvars
import copy
import logging
import os
import pickle
import re
import threading
from dataclasses import replace
from itertools import count, islice

import pytest
from support.clocks import SkippingClock
from support.faults.five_pages import PLANS, Entry, end_of, holding_nine
from support.log_lines import lines_from

from kintone_orm import Retry, connect, connections
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import DailyBudgetExceeded, DecodeError
from kintone_orm.http.messages import Response
from kintone_orm.models.reading.send_ahead import _EarlyReader
from kintone_orm.testing import capture_requests, emulate

WAYS = pytest.mark.parametrize("plan", ["seek", "seek down", "cursor"])
AHEAD = pytest.mark.parametrize("ahead", [0, 1])


@pytest.fixture(scope="module")
def loaded():
    return holding_nine()


@pytest.fixture
def nine(loaded):
    with emulate(like=loaded) as connection:
        yield connection


def connected(inside, **options):
    """A connection to the emulator of `inside`, with other options."""
    username, password = inside.emulator.credentials
    connection = connect(
        "https://example.cybozu.com",
        username=username,
        password=password,
        apps=inside.apps,
        alias="with options",
        adapter=inside.emulator.adapter(),
        **options,
    )
    connection.clock = SkippingClock()
    return connections.override(connection)


@pytest.fixture(autouse=True)
def no_connection_is_left():
    yield
    if "with options" in connections:
        del connections["with options"]


def steps(requests):
    """The requests, in a form that can be compared; each cursor has another id."""
    return [
        (each.method, each.path, each.params.get("query"), each.app, each.attempt, each.model)
        for each in requests
    ]


@WAYS
def test_a_wrapper_sees_the_same_requests(nine, plan):
    seen = []
    for ahead in (0, 1):
        with capture_requests(nine) as sent:
            assert end_of(PLANS[plan].read(ahead=ahead)).rows == PLANS[plan].rows
        seen.append(steps(sent))
    assert seen[0] == seen[1]


@WAYS
@AHEAD
def test_a_request_is_sent_in_the_thread_and_the_context_of_the_loop(nine, plan, ahead):
    variable, seen = contextvars.ContextVar("variable", default=0), []

    def look(send, request):
        seen.append((threading.get_ident(), variable.get()))
        return send(request)

    with nine.wrap(look):
        variable.set(7)
        list(PLANS[plan].read(ahead=ahead))
    assert set(seen) == {(threading.get_ident(), 7)}


@WAYS
@pytest.mark.parametrize("fault", [None, Fault.SERVICE_UNAVAILABLE, Fault.LOST_ANSWER])
def test_the_log_has_the_same_lines(loaded, plan, fault):
    seen = []
    for ahead in (0, 1):
        with emulate(like=loaded, retry=Retry(attempts=3)) as connection:
            if fault is not None:
                connection.emulator.faults.add(fault, after=3, times=2)
            with lines_from(logging.DEBUG) as lines:
                list(PLANS[plan].read(ahead=ahead))
        texts = [re.sub(r"[\d.]+ s\b", "", line.getMessage()) for line in lines]
        seen.append([text.replace("Entry: ", "") for text in texts])
    # A retry is decided when its page is needed; the lines of two pages may change places.
    assert sorted(seen[0]) == sorted(seen[1])
    assert len(seen[0]) >= PLANS[plan].requests


@WAYS
@AHEAD
@pytest.mark.parametrize("how", ["override", "connect"])
def test_the_time_of_the_loop_is_not_that_of_a_request(nine, plan, ahead, how):
    nine.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, after=4)
    options = {"deadline": 60} if how == "connect" else {}
    with connected(nine, **options):
        clock = connections.resolve(None).clock
        with connections.override(deadline=None if options else 60):
            rows = []
            for entry in PLANS[plan].read(ahead=ahead):
                clock.sleep(1_000)
                rows.append((entry.id, entry.n))
    assert rows == PLANS[plan].rows


@WAYS
def test_the_time_of_an_attempt_ahead_counts(nine, plan):
    """Each attempt takes 25 of the 60 seconds that its request has."""
    seen = []
    for ahead in (0, 1):
        nine.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, after=4, times=None)
        with connected(nine, deadline=60, retry=Retry(attempts=9)) as _:
            connection = connections.resolve(None)

            def taking_time(send, request, clock=connection.clock):
                clock.sleep(25)
                return send(request)

            with connection.wrap(taking_time), capture_requests(connection) as sent:
                end = end_of(PLANS[plan].read(ahead=ahead))
        nine.emulator.faults.clear()
        del connections["with options"]
        seen.append((end.rows, end.error, steps(sent)))
    assert seen[0][:2] == seen[1][:2]
    assert sorted(map(str, seen[0][2])) == sorted(map(str, seen[1][2]))
    assert seen[0][1] is not None


@WAYS
@AHEAD
def test_one_request_at_once_is_enough_for_a_loop_and_a_wrapper_that_send_others(nine, plan, ahead):
    with connected(nine, max_concurrency=1):
        connection, inner = connections.resolve(None), []

        def asking(send, request):
            if not inner:
                inner.append(request)
                assert Entry.objects.count() == len(PLANS[plan].rows)
                inner.clear()
            return send(request)

        rows = []
        with connection.wrap(asking):
            for entry in PLANS[plan].read(ahead=ahead):
                assert Entry.objects.get(pk=entry.id).n == entry.n
                rows.append((entry.id, entry.n))
    assert rows == PLANS[plan].rows


class Slots:
    """A limiter that keeps the slots that are taken."""

    def __init__(self):
        self.taken, self.number, self._ids = {}, 0, count()

    def acquire(self, kind, _domain, *, seconds):
        slot = str(next(self._ids))
        self.taken[slot] = kind
        self.number += kind == "requests"
        return slot

    def renew(self, _kind, _domain, _slot, *, seconds):
        return True

    def release(self, _kind, _domain, slot):
        del self.taken[slot]


@WAYS
@AHEAD
def test_a_loop_holds_no_slot_of_a_limiter(nine, plan, ahead):
    slots = Slots()
    with connected(nine, limiter=slots):
        for _ in PLANS[plan].read(ahead=ahead):
            assert "requests" not in slots.taken.values()
    assert not slots.taken
    assert slots.number == PLANS[plan].requests


@WAYS
@pytest.mark.parametrize("budget", range(1, 8))
def test_a_daily_budget_ends_a_read_after_the_same_rows(nine, plan, budget):
    ends = []
    for ahead in (0, 1):
        with emulate(like=nine.snapshot()) as copy, connected(copy, daily_budget=budget):
            ends.append(end_of(PLANS[plan].read(ahead=ahead)))
        del connections["with options"]
    assert ends[0] == ends[1]
    assert ends[0].error is (None if budget >= PLANS[plan].requests else DailyBudgetExceeded)


# -- wrappers that do not simply send the request --------------------------------------------------


def sending_twice(send, request):
    send(request)
    return send(request)


def sending_another_object(send, request):
    return send(replace(request, attempt=request.attempt))


def sending_without_work(send, request):
    return send(replace(request, meanwhile=None))


def sending_in_another_thread(send, request):
    responses = []
    thread = threading.Thread(target=lambda: responses.append(send(request)))
    thread.start()
    thread.join()
    return responses[0]


def answering_with_another_object(send, request):
    response = send(request)
    return Response(response.status, dict(response.headers), bytes(bytearray(response.body)))


def answering_with_a_text(send, request):
    response = send(request)
    return Response(response.status, dict(response.headers), response.body.decode())


@pytest.mark.parametrize("plan", ["seek", "seek down"])
@AHEAD
@pytest.mark.parametrize(
    "wrapper",
    [
        sending_twice,
        sending_another_object,
        sending_without_work,
        sending_in_another_thread,
        answering_with_another_object,
        answering_with_a_text,
    ],
)
def test_a_wrapper_may_send_a_request_in_its_own_way(nine, plan, ahead, wrapper):
    with nine.wrap(wrapper):
        assert end_of(PLANS[plan].read(ahead=ahead)).rows == PLANS[plan].rows


@AHEAD
def test_a_wrapper_may_answer_itself(nine, ahead):
    answers = {}

    def recording(send, request):
        return answers.setdefault(request.params["query"], send(request))

    def playing(_send, request):
        return answers[request.params["query"]]

    with nine.wrap(recording):
        list(PLANS["seek"].read(ahead=0))
    with nine.wrap(playing), capture_requests(nine) as sent:
        assert end_of(PLANS["seek"].read(ahead=ahead)).rows == PLANS["seek"].rows
    assert sent == []  # a wrapper that was added later is inside


def test_a_request_does_not_show_the_work_that_it_waits_with(nine):
    with capture_requests(nine) as sent:
        list(PLANS["seek"].read())
    assert {repr(request) for request in sent} == {
        "Request(method='GET', path='/k/v1/records.json')"
    }
    ahead = next(request for request in sent if request.meanwhile is not None)
    assert ahead == replace(ahead, meanwhile=None)


# -- odd answers in the middle ---------------------------------------------------------------------


def spoiling(old, new, *, where):
    """A wrapper that changes the answer to the request whose query has a text."""

    def wrapper(send, request):
        response = send(request)
        if where not in str(request.params.get("query")):
            return response
        assert old in response.body
        return Response(200, response.headers, response.body.replace(old, new))

    return wrapper


@pytest.mark.parametrize("after", [2, 4, 6])
def test_a_value_that_cannot_be_decoded_ends_the_read_or_not_as_without(nine, after):
    old, new = b'"%d"' % (10 * after + 20), b'"no number"'
    ends = []
    for ahead in (0, 1):
        with nine.wrap(spoiling(old, new, where=f'$id > "{after}"')):
            rows = []
            for entry in PLANS["seek"].read(ahead=ahead):
                try:
                    rows.append(entry.n)
                except DecodeError as error:
                    rows.append((type(error), str(error)))
        ends.append(rows)
    assert ends[0] == ends[1]
    assert len(ends[0]) == len(PLANS["seek"].rows)
    assert not isinstance(ends[0][after + 1], int)


@pytest.mark.parametrize("after", [2, 4, 6])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"__ID__", b"__NO_ID__"),
        (b'"records"', b'"record"'),
        (b'"$id"', b'"$ids"'),
        (b'"type"', b'"kind"'),
        (b'"value"', b'"values"'),
        (b'"totalCount"', b'"totalCount":1,"records"'),
        (b"}", b""),
        (b"NUMBER", b"SINGLE_LINE_TEXT"),
        (b'"n"', b'"m"'),
    ],
)
def test_an_answer_that_is_not_kintones_ends_the_read_after_the_same_rows(nine, after, old, new):
    ends = []
    for ahead in (0, 1):
        with nine.wrap(spoiling(old, new, where=f'$id > "{after}"')):
            ends.append(end_of(PLANS["seek"].read(ahead=ahead)))
    assert ends[0] == ends[1]


# -- interrupts and forks --------------------------------------------------------------------------


@WAYS
def test_an_interrupt_while_a_page_is_decoded_is_raised_and_closes_the_cursor(
    nine, plan, monkeypatch
):
    def interrupted(_reader):
        raise KeyboardInterrupt

    monkeypatch.setattr(_EarlyReader, "read", interrupted)
    rows = []
    with pytest.raises(KeyboardInterrupt):
        rows.extend(entry.id for entry in PLANS[plan].read())
    assert len(rows) == 2
    assert not nine.emulator._domain.cursors._cursors


@WAYS
@AHEAD
@pytest.mark.parametrize("number", [1, 3, 5, 8])
def test_an_interrupt_in_the_loop_closes_the_cursor(nine, plan, ahead, number):
    def read():
        for place, _ in enumerate(PLANS[plan].read(ahead=ahead), 1):
            if place == number:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read()
    assert not nine.emulator._domain.cursors._cursors


def in_a_fork(read):
    """The result of `read` in a forked process, as text."""
    receiving, sending = os.pipe()
    child = os.fork()
    if not child:
        try:
            text = str(read())
        except BaseException as error:  # noqa: BLE001 - the parent compares it
            text = type(error).__name__
        os.write(sending, text.encode())
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving) as file:
        text = file.read()
    os.waitpid(child, 0)
    return text


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork()")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@AHEAD
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 8])
@WAYS
def test_a_forked_process_reads_on_as_without(nine, plan, ahead, number):
    way = PLANS[plan]
    rows = iter(way.read(ahead=ahead))
    first = [entry.id for entry in islice(rows, number)]
    child = in_a_fork(lambda: [entry.id for entry in rows])
    assert first + [entry.id for entry in rows] == [id_ for id_, _ in way.rows]
    rest = str([id_ for id_, _ in way.rows[number:]])
    assert child == ("RuntimeError" if plan == "cursor" else rest)
    assert not nine.emulator._domain.cursors._cursors


@WAYS
@pytest.mark.parametrize("number", [0, 3])
def test_an_iterator_cannot_be_pickled_or_copied(nine, plan, number):
    with PLANS[plan].read() as entries:
        list(islice(entries, number))
        for copy_of in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match="generator"):
                copy_of(entries)
