"""The apps of customers and deals, whose forms the tests change."""

from __future__ import annotations

import pytest
from support.models.deals import Customer, Deal

from kintone_orm.testing import emulate


@pytest.fixture(scope="module")
def made():
    with emulate(Customer, Deal) as connection:
        yield connection.snapshot()


@pytest.fixture
def kintone(made):
    with emulate(like=made) as connection:
        yield connection
