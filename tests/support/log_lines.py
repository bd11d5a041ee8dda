"""The log lines of kintone_orm, without those of the emulator below it."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_logger = logging.getLogger("kintone_orm")


class _Keeper(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == _logger.name:
            self.lines.append(record)


@contextmanager
def lines_from(level: int) -> Iterator[list[logging.LogRecord]]:
    """Collect the lines of this level and above inside the block, in all threads."""
    keeper, before = _Keeper(), _logger.level
    _logger.addHandler(keeper)
    _logger.setLevel(level)
    try:
        yield keeper.lines
    finally:
        _logger.setLevel(before)
        _logger.removeHandler(keeper)


def fields_of(line: logging.LogRecord) -> dict[str, Any]:
    """Return the attributes that kintone_orm adds to a line."""
    return {name: value for name, value in vars(line).items() if name.startswith("kintone_")}
