"""Conditions and their compilation to kintone's query language, without models and network."""

from kintone_orm.query.planner import Paging
from kintone_orm.query.q import Q, Raw

__all__ = ["Paging", "Q", "Raw"]
