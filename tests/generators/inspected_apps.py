"""tests/typing/inspected_apps.py: the models that inspect() writes for the ten apps."""

from __future__ import annotations

from pathlib import Path

from support.ten_apps import DOMAIN

from kintone_orm.apps import inspect
from kintone_orm.testing import emulate

PAGE = Path(__file__).parents[1] / "typing" / "inspected_apps.py"


def page() -> str:
    """The module, with the ids of the apps."""
    with emulate(domain=DOMAIN) as kintone:
        return inspect(*kintone.apps.values())
