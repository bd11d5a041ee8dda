"""Ten Japanese apps, inspected, checked, and deployed from the written models elsewhere."""

from __future__ import annotations

import pytest
from support.field_values import changed, plain, values_for
from support.moved_apps import add_unsayable, forms_of, moving
from support.ten_apps import DOMAIN, KEYS

from kintone_orm.apps import check

# A model after those whose records its lookups take.
ORDER = ("customers", "inventory", "deals", *KEYS)


@pytest.fixture(scope="module", params=[False, True], ids=["lists", "Enums"])
def moved(request):
    with moving(DOMAIN, enums=request.param) as moved:
        yield moved


@pytest.fixture(scope="module")
def completed(moved):
    add_unsayable(moved)
    return moved


def test_the_models_fit_the_apps_that_they_were_written_for(moved):
    assert check(*moved.models, using=moved.source) == ()


def test_the_apps_that_they_make_lack_only_a_process(moved):
    findings = check(*moved.models)
    assert {finding.kind for finding in findings if finding.is_drift} == {"process"}
    assert [finding for finding in findings if not finding.is_drift] == []


def test_the_two_forms_are_equal_in_all_that_models_can_say(completed):
    first, second = forms_of(completed.source), forms_of(completed.target)
    assert tuple(second) == KEYS
    for key in KEYS:
        assert second[key] == first[key]


def test_with_its_process_the_second_app_has_no_drift(completed):
    assert check(*completed.models) == ()


def test_the_second_apps_give_the_same_module(completed):
    enums = "enum.Enum" in completed.text
    first, second = completed.text.split("\n"), completed.text_of_target(enums=enums).split("\n")
    assert second[1] == "# kintone_orm.apps.inspect(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)"
    del first[1], second[1]
    assert second == first


def test_a_record_of_each_app_is_made_read_changed_and_saved(completed):
    records = {}
    for model in sorted(completed.models, key=lambda model: ORDER.index(model._meta.app)):
        fields = [*model._meta.fields.values()]
        values = values_for(fields, records)
        record = model.objects.create(**values)
        record.comments.create("確認しました。")
        stored = model.objects.get(pk=record.pk)
        assert plain(stored, values) == plain(record, values)
        for name, value in (others := changed(fields, values)).items():
            setattr(stored, name, value)
        stored.save()
        again = records[model] = model.objects.get(pk=record.pk)
        assert others
        assert plain(again, values) == plain(record, values) | others
        assert [comment.text.strip() for comment in again.comments] == ["確認しました。"]
