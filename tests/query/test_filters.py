"""The table filters.txt: what a filter asks of kintone, and what `exclude` does."""

from __future__ import annotations

from pathlib import Path

import pytest
from filter_tables import entries, read
from one_of_each import Thing, compiled

from kintone_orm import Q
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.lookups import RULES

TABLE = entries(Path(__file__).with_name("filters.txt"), lines=3)


@pytest.mark.parametrize(("filter_", "query", "excluded"), TABLE, ids=[row[0] for row in TABLE])
def test_a_filter_and_its_opposite(filter_, query, excluded):
    assert compiled(read(filter_)) == query
    if excluded == "(refused)":
        with pytest.raises(NotSupportedError):
            compiled(read(filter_), negated=True)
    else:
        assert compiled(read(filter_), negated=True) == excluded


def asked(q):
    for child in q.children:
        if isinstance(child, Q):
            yield from asked(child)
        else:
            name, _, lookup = child[0].partition("__")
            yield Thing._meta.find(name).kintone_type, lookup or "exact"


def test_the_table_has_every_lookup_of_every_type():
    found = {each for row in TABLE for each in asked(read(row[0]))}
    assert found >= {(kind, each) for kind, rules in RULES.items() for each in rules.lookups}
