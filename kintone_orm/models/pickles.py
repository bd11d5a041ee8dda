"""The classes and functions in pickles, under module names that never change.

A pickle names a class by its module. The `__module__` of a class that is pickled names this module,
or `kintone_orm.models`, from which users import the class. So the modules that define the classes
can move, and older pickles still load.
"""

from __future__ import annotations

from typing import Any

from kintone_orm.models.around.app_info import AppInfo
from kintone_orm.models.around.comments import Comment, PostedComment
from kintone_orm.models.around.permissions import FieldPermissions, Permissions
from kintone_orm.models.around.process_settings import Action
from kintone_orm.models.around.webhooks import WebhookComment, WebhookEvent
from kintone_orm.models.ground.addresses import Address
from kintone_orm.models.ground.fetch_modes import FetchMode
from kintone_orm.models.reading.explain import Explanation
from kintone_orm.models.record.file_storage import RecordStorage
from kintone_orm.models.record.row_shapes import Instances, Values, restore_row
from kintone_orm.models.record.state import restore_state
from kintone_orm.models.record.tracked_lists import TrackedList, TrackedLists
from kintone_orm.models.relations.backward import Referred
from kintone_orm.models.relations.prefetch import Prefetch

__all__ = ["INNER", "PUBLIC"]

PUBLIC: tuple[Any, ...] = (
    *(Action, AppInfo, Comment, Explanation, FetchMode, FieldPermissions, Permissions),
    *(PostedComment, Prefetch, WebhookComment, WebhookEvent),
)
INNER: tuple[Any, ...] = (
    *(Address, TrackedList, TrackedLists, Instances, RecordStorage, Referred, Values),
    *(restore_row, restore_state),
)

for _named in PUBLIC:
    _named.__module__ = "kintone_orm.models"
for _named in INNER:
    _named.__module__ = __name__
