"""The cost of `import kintone_orm` beside its three dependencies: a ratio taken in one run.

Not a test, and not collected by pytest. Run it by hand::

    python tests/benchmarks/importing.py

Processor time of fresh processes, less that of a bare start, with everything compiled as an
installation compiles it; rounds alternate, a ratio is taken
within a round, and the median is printed with its range. To reach: at most 1.2.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

ROUNDS = 15
COMPILE = "import compileall, kintone_orm; compileall.compile_dir(*kintone_orm.__path__, quiet=1)"
OURS, THEIRS = "import kintone_orm", "import requests, marshmallow, dateutil.parser"


def seconds(code: str) -> float:
    """The processor time of a fresh Python that runs `code`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print both times and their ratio."""
    seconds(COMPILE)
    rounds = []
    for _ in range(ROUNDS):
        bare = seconds("pass")
        rounds.append((seconds(OURS) - bare, seconds(THEIRS) - bare))
    ours, theirs = (statistics.median(each) * 1e3 for each in zip(*rounds, strict=True))
    ratios = sorted(mine / other for mine, other in rounds)
    sys.stdout.write(
        f"Python {sys.version.split()[0]}: {ours:.0f} ms, its dependencies {theirs:.0f} ms, "
        f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})\n"
    )


if __name__ == "__main__":
    main()
