"""The app keys of the configuration file, which a connection reads when it needs one of them."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ConfiguredApps"]


class ConfiguredApps:
    """The ids of apps by key in `kintone.toml`, for keys that `connect(apps=...)` does not name.

    The file is read once, at the first question. Without `is_used`, it is never read.
    """

    def __init__(self, *, is_used: bool) -> None:
        self.is_used = is_used
        self.known: Mapping[str, int] = {}
        self._is_read = not is_used
        self._lock = threading.Lock()

    def get(self, key: str) -> int | None:
        """Return the id of the app; None if the file has no such key, or does not exist.

        ImproperlyConfigured if the file is invalid.
        """
        if not self._is_read:
            with self._lock:
                if not self._is_read:
                    from kintone_orm.configuration import find_configuration

                    self.known = find_configuration(os.environ, Path()).apps
                    self._is_read = True
        return self.known.get(key)
