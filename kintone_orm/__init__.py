"""Django's ORM for kintone: models, querysets, and a local kintone to test against."""

from kintone_orm import fields, signals
from kintone_orm.connection import connect, connections, override
from kintone_orm.fields import Row
from kintone_orm.http.retry import Retry
from kintone_orm.models import Model
from kintone_orm.outcomes import CarriedOut
from kintone_orm.query import Q, Raw
from kintone_orm.version import __version__ as __version__

__all__ = [
    "CarriedOut",
    "Model",
    "Q",
    "Raw",
    "Retry",
    "Row",
    "connect",
    "connections",
    "fields",
    "override",
    "signals",
]
