"""The modules of earlier versions, by their old names.

Pickles from those versions contain the old names, and programs import from them.
"""

from __future__ import annotations

from kintone_orm.fields import list_field, reference_table, related_record, status, subtable_row
from kintone_orm.files import pending
from kintone_orm.models.around import (
    app_info,
    comments,
    permissions,
    process_settings,
    webhooks,
    workflow,
)
from kintone_orm.models.ground import addresses, fetch_modes
from kintone_orm.models.reading import explain, pages
from kintone_orm.models.record import conflict, file_storage, row_shapes, state, tracked_lists
from kintone_orm.models.relations import backward, prefetch

__all__ = ["OLD_PATHS"]

# The package `kintone_orm.models` puts these modules into `sys.modules` under their old names.
OLD_PATHS = {
    "kintone_orm.fields.lists": list_field,
    "kintone_orm.fields.process": status,
    "kintone_orm.fields.reference": reference_table,
    "kintone_orm.fields.related": related_record,
    "kintone_orm.fields.row": subtable_row,
    "kintone_orm.files.new": pending,
    "kintone_orm.models.attachments": file_storage,
    "kintone_orm.models.comments": comments,
    "kintone_orm.models.conflict": conflict,
    "kintone_orm.models.explain": explain,
    "kintone_orm.models.fetch_modes": fetch_modes,
    "kintone_orm.models.held": tracked_lists,
    "kintone_orm.models.home": addresses,
    "kintone_orm.models.identity": app_info,
    "kintone_orm.models.permissions": permissions,
    "kintone_orm.models.prefetch": prefetch,
    "kintone_orm.models.process": process_settings,
    "kintone_orm.models.reader": pages,
    "kintone_orm.models.referring": backward,
    "kintone_orm.models.shapes": row_shapes,
    "kintone_orm.models.state": state,
    "kintone_orm.models.webhooks": webhooks,
    "kintone_orm.models.workflow": workflow,
}
