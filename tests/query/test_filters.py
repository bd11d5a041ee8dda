"""The table filters.txt: the query of each filter, and of `exclude` with the same conditions."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.filter_tables import entries, read
from support.models.one_of_each import Thing, compiled

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.type_rules import RULES

TABLE = entries(Path(__file__).with_name("filters.txt"), lines=3)


@pytest.mark.parametrize(("filter_", "query", "excluded"), TABLE, ids=[row[0] for row in TABLE])
def test_a_filter_and_its_opposite(filter_, query, excluded):
    assert compiled(read(filter_)) == query
    if excluded == "(refused)":
        with pytest.raises(NotSupportedError):
            compiled(read(filter_), negated=True)
    else:
        assert compiled(read(filter_), negated=True) == excluded


# The types that no query can ask for; tables are asked for by their columns.
UNASKED = {"RECORD_NUMBER", "CATEGORY", "SUBTABLE", "REFERENCE_TABLE"}


def asked(q):
    for name, value in (each for each in q.flatten() if isinstance(each, tuple)):
        del value
        first, *path = name.split("__")
        field = Thing._meta.find(first)
        if field.columns is not None:
            continue
        yield field.kintone_type, path[0] if path else "exact"


def test_the_table_has_every_lookup_of_every_type():
    types = {field.typed().kintone_type for field in Thing._meta.fields.values()} - UNASKED
    found = {each for row in TABLE for each in asked(read(row[0]))}
    assert found >= {(kind, each) for kind in {"__ID__", *types} for each in RULES[kind].lookups}
