"""Counts in a file: other processes share it, and it survives them."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from kintone_orm.connection.limits.counts_file import CountsFile, _before_fork, _lock
from kintone_orm.exceptions import ImproperlyConfigured

DOMAIN, TODAY = "example.cybozu.com", dt.date(2026, 11, 30)

ADD = """
import datetime as dt, sys
from kintone_orm.connection.limits.counts_file import CountsFile

counts = CountsFile(sys.argv[1])
for n in range(int(sys.argv[2])):
    counts.add("example.cybozu.com", dt.date(2026, 11, 30), {7: 1})
    print(n + 1, flush=True)
"""


def program(path: Path, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ADD, str(path), str(times)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )


def test_counts_are_there_after_a_restart(tmp_path: Path) -> None:
    CountsFile(tmp_path / "usage").add(DOMAIN, TODAY, {7: 3})
    assert CountsFile(tmp_path / "usage").add(DOMAIN, TODAY, {7: 1}) == {7: 4}


def test_processes_at_the_same_time_lose_no_count(tmp_path: Path) -> None:
    programs = [program(tmp_path / "usage", 200) for _ in range(4)]
    for each in programs:
        each.communicate()
    assert [each.returncode for each in programs] == [0, 0, 0, 0]
    assert CountsFile(tmp_path / "usage").totals(DOMAIN, TODAY) == {7: 800}


def test_a_process_that_is_killed_loses_no_count(tmp_path: Path) -> None:
    with program(tmp_path / "usage", 1_000_000) as victim:
        assert victim.stdout is not None
        lines = [int(victim.stdout.readline()) for _ in range(50)]
        victim.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        lines += map(int, victim.stdout.read().split("\n")[:-1])
    counted = CountsFile(tmp_path / "usage").totals(DOMAIN, TODAY)[7]
    # It may die between counting and printing.
    assert counted in (lines[-1], lines[-1] + 1)


def test_the_file_can_be_counted_in_after_a_kill(tmp_path: Path) -> None:
    with program(tmp_path / "usage", 1_000_000) as victim:
        assert victim.stdout is not None
        victim.stdout.readline()
        victim.kill()
    counts = CountsFile(tmp_path / "usage")
    before = counts.totals(DOMAIN, TODAY)[7]
    assert counts.add(DOMAIN, TODAY, {7: 1}) == {7: before + 1}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_counts_in_the_same_file(tmp_path: Path) -> None:
    counts = CountsFile(tmp_path / "usage")
    counts.add(DOMAIN, TODAY, {7: 1})
    child = os.fork()
    if child == 0:  # pragma: no cover - in another process
        with suppress(Exception):
            counts.add(DOMAIN, TODAY, {7: 1})
            os._exit(0)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert counts.add(DOMAIN, TODAY, {7: 1}) == {7: 3}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_process_that_is_forked_while_a_thread_counts_can_count(tmp_path: Path) -> None:
    counts = CountsFile(tmp_path / "usage")
    is_over = threading.Event()

    def count() -> None:
        while not is_over.is_set():
            counts.add(DOMAIN, TODAY, {8: 1})

    thread = threading.Thread(target=count)
    thread.start()
    try:
        for _ in range(20):
            child = os.fork()
            if child == 0:  # pragma: no cover - in another process
                signal.alarm(20)
                with suppress(Exception):
                    counts.add(DOMAIN, TODAY, {7: 1})
                    os._exit(0)
                os._exit(1)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        is_over.set()
        thread.join()
    assert counts.totals(DOMAIN, TODAY)[7] == 20


def test_no_database_is_open_while_the_process_is_forked(tmp_path: Path) -> None:
    counts = CountsFile(tmp_path / "usage")
    counts.add(DOMAIN, TODAY, {7: 1})
    assert (tmp_path / "usage-wal").exists()
    _before_fork()
    try:
        # SQLite removes its log when the last one closes the database.
        assert not (tmp_path / "usage-wal").exists()
    finally:
        _lock.release()
    assert counts.add(DOMAIN, TODAY, {7: 1}) == {7: 2}


def test_a_request_that_is_counted_while_another_one_is_gets_counted(tmp_path: Path) -> None:
    counts = CountsFile(tmp_path / "usage")
    with counts._transaction(TODAY):  # as if the garbage collector closed a cursor here
        counts.add(DOMAIN, TODAY, {7: 1})
    assert CountsFile(tmp_path / "usage").totals(DOMAIN, TODAY) == {7: 1}


def test_an_interrupted_count_leaves_the_file_free(tmp_path: Path) -> None:
    counts = CountsFile(tmp_path / "usage")
    with suppress(KeyboardInterrupt), counts._transaction(TODAY):
        raise KeyboardInterrupt
    assert CountsFile(tmp_path / "usage").add(DOMAIN, TODAY, {7: 1}) == {7: 1}


def test_a_month_is_kept(tmp_path: Path) -> None:
    counts = CountsFile(tmp_path / "usage")
    for days in (30, 31, 32):
        counts.add(DOMAIN, TODAY - dt.timedelta(days=days), {7: days})
    again = CountsFile(tmp_path / "usage")
    again.add(DOMAIN, TODAY, {7: 1})
    kept = [again.totals(DOMAIN, TODAY - dt.timedelta(days=days)) for days in (30, 31, 32)]
    assert kept == [{7: 30}, {7: 31}, {}]


def test_no_file_is_made_before_the_first_request(tmp_path: Path) -> None:
    CountsFile(tmp_path / "usage")
    assert list(tmp_path.iterdir()) == []


def test_a_path_is_kept_when_the_directory_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    counts = CountsFile("usage")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    counts.add(DOMAIN, TODAY, {7: 1})
    assert (tmp_path / "usage").exists()


def test_a_directory_that_does_not_exist_is_told_with_the_way_out(tmp_path: Path) -> None:
    counts = CountsFile(tmp_path / "missing" / "usage")
    with pytest.raises(ImproperlyConfigured, match=r"cannot be counted in .*missing.*Give"):
        counts.add(DOMAIN, TODAY, {7: 1})


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Buy milk. " * 100)
    with pytest.raises(ImproperlyConfigured, match="not a database"):
        CountsFile(path).add(DOMAIN, TODAY, {7: 1})
    assert path.read_text() == "Buy milk. " * 100


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other") as database:
        database.execute("CREATE TABLE requests (customer TEXT)")
    database.close()
    with pytest.raises(ImproperlyConfigured):
        CountsFile(tmp_path / "other").add(DOMAIN, TODAY, {7: 1})
