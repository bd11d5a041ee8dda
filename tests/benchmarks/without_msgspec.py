"""Runs a program as if msgspec were not installed: `without_msgspec.py PROGRAM ARGUMENTS`."""

from __future__ import annotations

import runpy
import sys
from typing import Any, cast

if __name__ == "__main__":
    cast("dict[str, Any]", sys.modules)["msgspec"] = None  # its import fails
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
