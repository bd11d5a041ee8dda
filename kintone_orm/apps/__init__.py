"""Creating and completing apps from models, and comparing models with their apps."""

from kintone_orm.apps.check import check
from kintone_orm.apps.deploy import deploy
from kintone_orm.apps.drift.finding import Finding

__all__ = ["Finding", "check", "deploy"]
