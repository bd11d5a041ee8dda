"""Domain files: a whole kintone domain, written down for an emulator to become.

JSON or TOML; what it may hold is on the page docs/domain-file.md, and in shape.py.
"""

from __future__ import annotations

from .complaints import DomainFileError
from .document import DomainFile
from .loading import load_domain
from .result import Made

__all__ = ["DomainFile", "DomainFileError", "Made", "load_domain"]
