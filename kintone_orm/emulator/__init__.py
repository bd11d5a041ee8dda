"""A kintone domain on this machine, for tests and for trying things out.

::

    emulator = Emulator(users={"sato": "secret"})
    session = requests.Session()
    session.mount("https://", emulator.adapter())

Everything stands on what kintone's documents say and on what people measured; where neither
tells, choices.py says what this emulator does. It uses nothing of the rest of kintone_orm.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from .domain_file import DomainFileError, Made
from .emulator import Emulator
from .ground import choices
from .ground.http import HTTPRequest, HTTPResponse
from .serving.faults import Fault
from .store.spaces import Space
from .store.store import DataInUse

__all__ = [
    "DataInUse",
    "DomainFileError",
    "Emulator",
    "Fault",
    "HTTPRequest",
    "HTTPResponse",
    "Made",
    "Space",
    "choices",
]

if TYPE_CHECKING:
    GuestSpace = Space
else:

    def __getattr__(name: str) -> type[Space]:
        """The name that `Space` had when all of them were guest spaces, for one more release."""
        if name != "GuestSpace":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        warnings.warn(
            f"{__name__}.GuestSpace is called Space now; the old name is gone in the next release.",
            DeprecationWarning,
            stacklevel=2,
        )
        return Space
