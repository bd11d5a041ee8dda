"""A kintone domain on this machine, for tests and for trying things out.

::

    emulator = Emulator(users={"sato": "secret"})
    session = requests.Session()
    session.mount("https://", emulator.adapter())

Everything stands on what kintone's documents say and on what people measured; where neither
tells, choices.py says what this emulator does. It uses nothing of the rest of kintone_orm.
"""

from __future__ import annotations

from .domain_file import DomainFileError, Made
from .emulator import Emulator
from .faults import Fault
from .messages import HTTPRequest, HTTPResponse
from .spaces import Space
from .store import DataInUse

__all__ = [
    "DataInUse",
    "DomainFileError",
    "Emulator",
    "Fault",
    "HTTPRequest",
    "HTTPResponse",
    "Made",
    "Space",
]
