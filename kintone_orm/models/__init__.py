"""The Django-shaped face: models, their managers and querysets."""

from kintone_orm.models.base import Model
from kintone_orm.models.base_manager import BaseManager
from kintone_orm.models.explain import Explanation
from kintone_orm.models.manager import Manager
from kintone_orm.models.queryset import QuerySet
from kintone_orm.models.webhooks import WebhookComment, WebhookEvent

__all__ = [
    "BaseManager",
    "Explanation",
    "Manager",
    "Model",
    "QuerySet",
    "WebhookComment",
    "WebhookEvent",
]
