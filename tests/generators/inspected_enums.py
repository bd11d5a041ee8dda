"""tests/typing/inspected_enums.py: the ten apps with Enums, app keys and some English names."""

from __future__ import annotations

from pathlib import Path

from support.ten_apps import DOMAIN, NAMES

from kintone_orm.apps import inspect
from kintone_orm.configuration import parse_toml
from kintone_orm.testing import emulate

PAGE = Path(__file__).parents[1] / "typing" / "inspected_enums.py"


def page() -> str:
    """The module, with keys instead of ids."""
    names = parse_toml(NAMES, NAMES.read_bytes())
    with emulate(domain=DOMAIN) as kintone:
        return inspect(*kintone.apps.values(), enums=True, keys=True, names=names)
