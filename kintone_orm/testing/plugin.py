"""The pytest plugin: installed with kintone_orm, it offers the `kintone` fixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kintone_orm.models.base import Model
from kintone_orm.testing.emulation import emulate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.connection import Connection

__all__ = ["kintone"]


@pytest.fixture
def kintone(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """An empty kintone for one test, with an app for every model that the test's module can see.

    It is the connection that the test's querysets use; see `kintone_orm.testing.emulate`, which
    does the same for models named one by one.
    """
    seen = dict.fromkeys(
        it
        for it in vars(request.module).values()
        if isinstance(it, type) and issubclass(it, Model) and not it._meta.abstract
    )
    with emulate(*seen) as connection:
        yield connection
