"""From conditions to kintone's query language; no model and no network."""

from kintone_orm.query.q import Q

__all__ = ["Q"]
