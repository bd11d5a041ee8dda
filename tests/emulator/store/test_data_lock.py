"""A data file belongs to one emulator at a time."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing

import pytest

from kintone_orm.emulator import DataInUse, Emulator

HOLDER = """
import sys, time
from kintone_orm.emulator import Emulator
emulator = Emulator(data=sys.argv[1])
print("open", flush=True)
time.sleep(60)
"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "kintone.db"


def test_a_second_emulator_of_this_process_is_refused(file):
    """Issue 11, fault 6: two emulators opened the same file."""
    in_use = pytest.raises(DataInUse, match=r"kintone\.db is in use: another emulator has it open")
    with closing(Emulator(file)), in_use:
        Emulator(file)


def test_the_file_is_free_again_once_it_is_closed(file):
    for _ in range(2):
        with closing(Emulator(data=file)):
            pass


def test_the_lock_ends_with_its_process(file):
    """Issue 11, fault 6."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)], stdout=subprocess.PIPE, encoding="utf-8"
    ) as holder:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(DataInUse):
            Emulator(data=file)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    Emulator(data=file).close()


def test_data_in_memory_needs_no_lock():
    with closing(Emulator()), closing(Emulator()):
        pass
