"""The Django-shaped face: models, their managers and querysets."""

from kintone_orm.models.around.webhooks import WebhookComment, WebhookEvent
from kintone_orm.models.base import Model
from kintone_orm.models.definition.base_manager import BaseManager
from kintone_orm.models.ground.fetch_modes import FETCH_ONE, FETCH_PEERS, FETCH_RAISE, FetchMode
from kintone_orm.models.manager import Manager
from kintone_orm.models.queryset import QuerySet
from kintone_orm.models.reading.explain import Explanation
from kintone_orm.models.relations.prefetch import Prefetch, prefetch_related_objects

__all__ = [
    "FETCH_ONE",
    "FETCH_PEERS",
    "FETCH_RAISE",
    "BaseManager",
    "Explanation",
    "FetchMode",
    "Manager",
    "Model",
    "Prefetch",
    "QuerySet",
    "WebhookComment",
    "WebhookEvent",
    "prefetch_related_objects",
]
