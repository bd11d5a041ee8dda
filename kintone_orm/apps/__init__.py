"""Apps from models, models from apps, and comparing models with their apps."""

from kintone_orm.apps.check import check
from kintone_orm.apps.deploy import deploy
from kintone_orm.apps.drift.finding import Finding
from kintone_orm.apps.inspect import inspect

__all__ = ["Finding", "check", "deploy", "inspect"]
