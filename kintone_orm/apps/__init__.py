"""Between apps and models: making the one from the other."""

from kintone_orm.apps.deploy import deploy

__all__ = ["deploy"]
