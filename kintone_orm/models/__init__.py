"""Models, their managers and querysets, with Django's names."""

import sys

import kintone_orm.models.pickles  # noqa: F401 - it says where pickles find classes
from kintone_orm.models.around.app_info import AppInfo
from kintone_orm.models.around.comments import Comment, Comments, PostedComment
from kintone_orm.models.around.permissions import FieldPermissions, Permissions
from kintone_orm.models.around.process_settings import Action
from kintone_orm.models.around.webhooks import WebhookComment, WebhookEvent
from kintone_orm.models.base import Model
from kintone_orm.models.definition.base_manager import BaseManager
from kintone_orm.models.ground.fetch_modes import FETCH_ONE, FETCH_PEERS, FETCH_RAISE, FetchMode
from kintone_orm.models.manager import Manager
from kintone_orm.models.old_paths import OLD_PATHS
from kintone_orm.models.queryset import QuerySet
from kintone_orm.models.reading.explain import Explanation
from kintone_orm.models.reading.pages import RecordIterator
from kintone_orm.models.reading.planning.cost import Cost
from kintone_orm.models.record.conflict import Conflict
from kintone_orm.models.record.lost_save import LostSave
from kintone_orm.models.record.row_shapes import NamedRow
from kintone_orm.models.relations.prefetch import Prefetch, prefetch_related_objects

__all__ = [
    "FETCH_ONE",
    "FETCH_PEERS",
    "FETCH_RAISE",
    "Action",
    "AppInfo",
    "BaseManager",
    "Comment",
    "Comments",
    "Conflict",
    "Cost",
    "Explanation",
    "FetchMode",
    "FieldPermissions",
    "LostSave",
    "Manager",
    "Model",
    "NamedRow",
    "Permissions",
    "PostedComment",
    "Prefetch",
    "QuerySet",
    "RecordIterator",
    "WebhookComment",
    "WebhookEvent",
    "prefetch_related_objects",
]

sys.modules.update(OLD_PATHS)
