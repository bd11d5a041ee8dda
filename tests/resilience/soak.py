"""The long form of the soak, with numbers. Not a test, and not collected by pytest::

    python tests/resilience/soak.py --operations 10000 --threads 16 --faults 0.1 --seed 1

It ends with 1 if something was stored, lost or read that must not be. See tests/support/soak.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from support.soak.run import soak  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--faults", type=float, default=0.1, help="the share of spoilt requests")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stalls", action="store_true", help="some answers never come")
    options = parser.parse_args()
    logging.getLogger("kintone_orm").setLevel(logging.CRITICAL)
    result = soak(**vars(options))
    write = sys.stdout.write
    write(f"{result.requests:,} requests, {result.spoilt:,} spoilt, {result.seconds:.0f} s\n\n")
    write("| operation | success | not carried out | unknown |\n|---|---|---|---|\n")
    for name in sorted({name for name, _ in result.ends}):
        numbers = [result.ends[name, end] for end in ("success", "not carried out", "unknown")]
        write(f"| {name} | {' | '.join(map(str, numbers))} |\n")
    for problem in result.problems:
        write(f"\n- {problem}")
    write(f"\n{len(result.problems)} problems\n")
    return 1 if result.problems else 0


if __name__ == "__main__":
    sys.exit(main())
