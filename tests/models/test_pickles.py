"""Classes and functions that pickles name are found in the module that they name."""

from __future__ import annotations

import importlib

import pytest

from kintone_orm.models.pickles import INNER, PUBLIC


@pytest.mark.parametrize("named", [*PUBLIC, *INNER])
def test_what_a_pickle_names_is_where_it_says(named):
    assert getattr(importlib.import_module(named.__module__), named.__name__) is named
