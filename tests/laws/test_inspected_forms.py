"""Law: models that inspect() writes for any apps fit these apps, and make equal apps elsewhere."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.field_values import plain, values_for
from support.moved_apps import add_unsayable, forms_of, moving
from support.random_forms import domains

from kintone_orm.apps import check
from kintone_orm.fields import LookupField


def drift(findings):
    return [finding.message for finding in findings if finding.is_drift]


def needs_another_app(model):
    """True if each record needs a record that a lookup refers to."""
    fields = model._meta.with_columns()
    return any(
        field.required and (isinstance(field, LookupField) or field.filled_by) for field in fields
    )


@given(domains(), st.booleans())
@examples(60)
def test_apps_survive_the_way_through_a_module(domain, enums):
    with moving(domain, enums=enums) as moved:
        assert drift(check(*moved.models, using=moved.source)) == []
        add_unsayable(moved)
        assert forms_of(moved.target) == forms_of(moved.source)
        assert drift(check(*moved.models)) == []
        for model in moved.models:
            if not needs_another_app(model):
                values = values_for(model._meta.fields.values())
                record = model.objects.create(**values)
                stored = model.objects.get(pk=record.pk)
                assert plain(stored, values) == plain(record, values)
        first, second = moved.text.split("\n"), moved.text_of_target(enums=enums).split("\n")
        assert second[2:] == first[2:]
