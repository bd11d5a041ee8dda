"""Each benchmark still runs, on a few records. What it measures is not tested: machines differ."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMMANDS = {
    "decoding.py --records 20 --rounds 1 --times 2": "| kintone_orm |",
    "reading.py --records 20 --rounds 1 --latency 0 1": "| kintone_orm |",
    "streaming.py --records 20": "| kintone_orm, cursor |",
    "files.py --size 1": "| down: open() |",
}


def run(*command):
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    return subprocess.check_output(
        [sys.executable, *command], cwd=HERE, env=environment, text=True, timeout=120
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_prints_its_table(command):
    assert COMMANDS[command] in run(*command.split())


def test_a_tenth_of_the_cells_of_the_records_are_blank():
    code = "import corpus, sys; sys.stdout.buffer.write(corpus.in_pages(500)[0])"
    records = json.loads(run("-c", code))["records"]
    rows = [row["value"] for record in records for row in record["items"]["value"]]
    values = [cell["value"] for cells in records + rows for cell in cells.values()]
    assert 0.09 < sum(value in ("", None, []) for value in values) / len(values) < 0.11
