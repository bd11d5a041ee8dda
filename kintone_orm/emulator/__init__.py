"""A kintone domain on this machine, for tests and for trying things out.

::

    emulator = Emulator(users={"sato": "secret"})
    session = requests.Session()
    session.mount("https://", emulator.adapter())

The emulator follows kintone's documents and people's measurements. If neither says how kintone
behaves, the emulator chooses a behavior: see the module `choices`. The emulator uses no other part
of kintone_orm.
"""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

from .domain_file import DomainFileError, Made
from .emulator import Emulator
from .ground import choices
from .ground.delivery import Delivery
from .ground.http import HTTPRequest, HTTPResponse
from .old_paths import OLD_PATHS
from .serving.adapter import EmulatorAdapter
from .serving.fault_orders import FaultOrders
from .serving.faults import Fault, FaultRule, Faults
from .serving.journal import Exchange
from .serving.notifications import Webhooks
from .serving.overview import AppOverview, Overview
from .store.spaces import Space
from .store.store import DataInUse

__all__ = [
    "AppOverview",
    "DataInUse",
    "Delivery",
    "DomainFileError",
    "Emulator",
    "EmulatorAdapter",
    "Exchange",
    "Fault",
    "FaultOrders",
    "FaultRule",
    "Faults",
    "HTTPRequest",
    "HTTPResponse",
    "Made",
    "Overview",
    "Space",
    "Webhooks",
    "choices",
]

sys.modules.update(OLD_PATHS)

if TYPE_CHECKING:
    GuestSpace = Space
else:

    def __getattr__(name: str) -> type[Space]:
        """Return `Space` for its old name `GuestSpace`. The old name works for one more release."""
        if name != "GuestSpace":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        warnings.warn(
            f"{__name__}.GuestSpace is called Space now; the old name is gone in the next release.",
            DeprecationWarning,
            stacklevel=2,
        )
        return Space
