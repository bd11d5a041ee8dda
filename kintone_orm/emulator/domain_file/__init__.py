"""Domain files: JSON or TOML files that describe a whole kintone domain for an emulator.

docs/domain-file.md describes the format; shape.py checks it.
"""

from __future__ import annotations

from .document import DomainFile
from .file_problems import DomainFileError
from .loading import load_domain
from .result import Made

__all__ = ["DomainFile", "DomainFileError", "Made", "load_domain"]
