"""names.toml: reading, writing, and what is refused."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm.apps.inspecting.names_file import AppNames, Names, names_to_toml, read_names
from kintone_orm.exceptions import ImproperlyConfigured

tomllib = pytest.importorskip("tomllib" if sys.version_info >= (3, 11) else "tomli")

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
TABLES = st.dictionaries(TEXTS, TEXTS, max_size=3)
NESTED = st.dictionaries(TEXTS, st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=2), max_size=2)
APPS = st.builds(
    AppNames,
    class_=TEXTS | st.just(""),
    key=TEXTS | st.just(""),
    fields=TABLES,
    rows=TABLES,
    relations=TABLES,
    enums=TABLES,
    columns=NESTED,
    members=NESTED,
)


@examples(60)
@given(st.dictionaries(TEXTS, APPS, max_size=3))
def test_names_are_read_as_they_were_written(apps: dict[str, AppNames]) -> None:
    names = Names(apps)
    assert read_names(tomllib.loads(names_to_toml(names))) == names


def test_the_file_reads_well() -> None:
    names = Names(
        {
            "12": AppNames(
                class_="Customer",
                fields={"会社名": "company", "TEL": "tel"},
                columns={"明細": {"数量": "qty"}},
            )
        }
    )
    text = names_to_toml(names)
    assert text[text.index("[") :] == (
        '[apps.12]\nclass = "Customer"\n\n'
        '[apps.12.fields]\n"会社名" = "company"\nTEL = "tel"\n\n'
        '[apps.12.columns."明細"]\n"数量" = "qty"\n'
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"app": {}}, "there is an unknown entry 'app'. The entries are apps."),
        ({"apps": 3}, "apps must be a table, not 3."),
        ({"apps": {"12": "Order"}}, "apps.12 must be a table, not 'Order'."),
        ({"apps": {"12": {"name": "Order"}}}, "apps.12 has an unknown entry 'name'"),
        ({"apps": {"12": {"class": 3}}}, "apps.12.class must be a text, not 3."),
        ({"apps": {"12": {"fields": {"金額": 3}}}}, 'apps.12.fields."金額" must be a text, not 3.'),
        (
            {"apps": {"12": {"columns": {"明細": {"数量": []}}}}},
            'apps.12.columns."明細"."数量" must be a text',
        ),
    ],
)
def test_an_entry_that_is_no_name_is_named(document: dict[str, object], message: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read_names(document)
    assert message in str(caught.value)
