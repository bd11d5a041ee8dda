"""The variables of the environment that decide a command's connection."""

from __future__ import annotations

import os
from typing import Final

__all__ = ["BASE_URL", "LOGINS", "SECRETS", "variable"]

BASE_URL: Final = "KINTONE_BASE_URL"
# A login of each kind: kintone uses the first kind that there is.
LOGINS: Final = (
    ("KINTONE_USERNAME", "KINTONE_PASSWORD"),
    ("KINTONE_API_TOKEN",),
    ("KINTONE_OAUTH_TOKEN",),
)
SECRETS: Final = (
    "KINTONE_PASSWORD",
    "KINTONE_API_TOKEN",
    "KINTONE_OAUTH_TOKEN",
    "KINTONE_BASIC_AUTH_PASSWORD",
)


def variable(name: str) -> str:
    """Return the value of a variable; "" if it is not set."""
    return os.environ.get(name, "").strip()
