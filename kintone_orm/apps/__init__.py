"""Creating and completing apps from models."""

from kintone_orm.apps.deploy import deploy

__all__ = ["deploy"]
