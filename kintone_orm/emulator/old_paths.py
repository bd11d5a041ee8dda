"""The modules whose paths earlier versions documented, by their old names."""

from __future__ import annotations

from .ground import choices, delivery
from .serving import adapter, fault_orders, faults, journal, notifications, overview

__all__ = ["OLD_PATHS"]

# `kintone_orm.emulator` puts these modules into `sys.modules` under their old names.
OLD_PATHS = {
    "kintone_orm.emulator.adapter": adapter,
    "kintone_orm.emulator.choices": choices,
    "kintone_orm.emulator.delivery": delivery,
    "kintone_orm.emulator.fault_orders": fault_orders,
    "kintone_orm.emulator.faults": faults,
    "kintone_orm.emulator.journal": journal,
    "kintone_orm.emulator.notifications": notifications,
    "kintone_orm.emulator.overview": overview,
}
