from __future__ import annotations

from kintone_orm import functions
from kintone_orm.query import functions as defined
from kintone_orm.query.functions import Function


def test_every_function_of_kintone_is_public():
    written = {
        name
        for name, value in vars(defined).items()
        if isinstance(value, type) and issubclass(value, Function) and hasattr(value, "name")
    }
    assert set(functions.__all__) == written


def test_each_has_a_name_of_its_own_in_kintone():
    names = [getattr(functions, name).name for name in functions.__all__]
    assert len(names) == len(set(names))
