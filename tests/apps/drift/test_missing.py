"""Fields of a model that its app lacks."""

from __future__ import annotations

from support.changed_forms import change_field, delete_fields
from support.models.deals import Deal

from kintone_orm import Model, fields
from kintone_orm.apps import check


def test_a_deleted_field_is_drift(kintone):
    delete_fields(kintone, kintone.apps["deal"], "件名")
    (finding,) = check(Deal)
    assert (finding.kind, finding.field, finding.code) == ("missing field", "title", "件名")
    assert "the app has no such field in the form, or you may not view it" in finding.message
    assert "kintone-orm deploy" in finding.message


def test_a_deleted_column_is_drift(kintone):
    delete_fields(kintone, kintone.apps["deal"], "数量")
    (finding,) = check(Deal)
    assert (finding.kind, finding.field, finding.code) == ("missing field", "lines.qty", "数量")
    assert "no such field in the subtable '明細'" in finding.message


def test_a_field_with_a_new_code_is_drift_and_the_finding_names_the_code(kintone):
    change_field(kintone, kintone.apps["deal"], "件名", code="取引名")
    missing, new = check(Deal)
    assert (missing.kind, missing.is_drift) == ("missing field", True)
    assert "If '取引名' is its new code, write SingleLineTextField('取引名'" in missing.message
    assert (new.kind, new.code, new.is_drift) == ("undeclared field", "取引名", False)


def test_a_field_that_moved_into_a_table_is_drift(kintone):
    class Flat(Model):
        qty = fields.NumberField("数量")

        class Meta:
            app = "deal"

    (finding,) = check(Flat)[:1]
    assert (finding.kind, finding.field, finding.is_drift) == ("table", "qty", True)
    assert "in the form, but the app has it in the subtable '明細'" in finding.message
