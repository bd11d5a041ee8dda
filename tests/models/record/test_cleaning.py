"""clean_fields(), clean(), full_clean() and validate_unique()."""

from __future__ import annotations

import marshmallow
import pytest
from support.models.geography import City

from kintone_orm import Model, fields
from kintone_orm.exceptions import FieldDoesNotExist, UniqueViolation, ValidationError
from kintone_orm.functions import LoginUser
from kintone_orm.testing import assert_requests


class Stay(Model):
    code = fields.SingleLineTextField(unique=True, required=True)
    room = fields.IntegerField(unique=True)
    first = fields.DateField()
    last = fields.DateField()
    kind = fields.DropDownField(choices=["work", "fun"])

    def clean(self):
        if self.first and self.last and self.last < self.first:
            raise ValidationError({"last": "It ends before it begins."})


FINE = {"code": "A", "first": "2026-02-01", "last": "2026-02-02", "kind": "fun"}
BACKWARDS = FINE | {"last": "2026-01-01"}


def refused(check, **options):
    with pytest.raises(ValidationError) as caught:
        check(**options)
    return caught.value.errors


def test_fields_are_checked_by_their_own_rules():
    assert refused(Stay(kind="chore").clean_fields) == {
        "kind": ["'chore' is not among the choices 'work', 'fun'."],
        "code": ["Required: kintone refuses a blank here."],
    }


def test_some_may_be_left_out():
    Stay(kind="chore").clean_fields(exclude=["kind", "code"])
    assert set(refused(Stay(kind="chore").clean_fields, exclude=["code"])) == {"kind"}


def test_a_name_to_leave_out_must_be_a_fields():
    with pytest.raises(FieldDoesNotExist, match="Did you mean 'kind'"):
        Stay().clean_fields(exclude=["kin"])


def test_what_is_not_loaded_is_not_checked(kintone):
    stay = Stay.objects.create(**FINE)
    with assert_requests(0):
        stay.clean_fields()


def test_a_list_that_was_only_read_is_filled_by_the_app():
    class Trip(Model):
        travellers = fields.UserSelectField(required=True, default=LoginUser())

    trip = Trip()
    assert trip.travellers == []
    trip.full_clean()
    trip.travellers = []
    assert set(refused(trip.full_clean)) == {"travellers"}


def test_fields_alone_are_not_compared():
    Stay(**BACKWARDS).clean_fields()


def test_a_full_check_compares_them_too():
    assert refused(Stay(**BACKWARDS).full_clean) == {"last": ["It ends before it begins."]}


def test_a_full_check_tells_everything_at_once():
    assert set(refused(Stay(**BACKWARDS | {"kind": "chore"}).full_clean)) == {"kind", "last"}


def test_what_is_fine_is_fine():
    Stay(**FINE).full_clean()


def test_a_save_does_not_compare_as_in_django(kintone):
    assert Stay.objects.create(**BACKWARDS).pk


@pytest.mark.parametrize(
    ("raised", "errors"),
    [
        (ValidationError("No."), {"": ["No."]}),
        (ValidationError({"": ["No.", "Never."]}), {"": ["No.", "Never."]}),
        (marshmallow.ValidationError("No."), {"": ["No."]}),
        (marshmallow.ValidationError("No.", "kind"), {"": ["No."]}),
        (marshmallow.ValidationError({"kind": ["No."]}), {"kind": ["No."]}),
        (marshmallow.ValidationError({"kind": "No."}), {"kind": ["No."]}),
    ],
)
def test_whatever_a_check_of_ones_own_raises_is_told(monkeypatch, raised, errors):
    def clean(self):
        raise raised

    monkeypatch.setattr(Stay, "clean", clean)

    assert refused(Stay(**FINE).full_clean) == errors


@pytest.mark.parametrize("place", ["frist", "frist[2].qty", "frist.qty"])
def test_a_check_of_ones_own_names_fields_that_there_are(monkeypatch, place):
    def clean(self):
        raise ValidationError({place: "It ends before it begins."})

    monkeypatch.setattr(Stay, "clean", clean)
    with pytest.raises(FieldDoesNotExist, match="Stay has no field 'frist'. Did you mean 'first'"):
        Stay(**FINE).full_clean()


def test_an_error_of_the_whole_record_reads_well(monkeypatch):
    def clean(self):
        raise ValidationError("No room left.")

    monkeypatch.setattr(Stay, "clean", clean)

    with pytest.raises(ValidationError) as caught:
        Stay(**FINE).full_clean()
    assert str(caught.value) == "<Stay new code='A'>: No room left."


def test_unique_values_are_asked_for_together(kintone):
    Stay.objects.create(code="A", room=1)
    Stay.objects.create(code="B", room=2)
    with assert_requests(1), pytest.raises(UniqueViolation) as caught:
        Stay(code="A", room=2).validate_unique()

    assert caught.value.errors == {
        "code": ["Record 1 has this value already."],
        "room": ["Record 2 has this value already."],
    }


def test_a_record_may_keep_its_own_values(kintone):
    Stay.objects.create(code="A", room=1)
    Stay.objects.get().validate_unique()


def test_a_record_may_not_take_anothers_value(kintone):
    Stay.objects.create(code="A")
    stay = Stay.objects.create(code="B")
    stay.code = "A"

    assert refused(stay.validate_unique) == {"code": ["Record 1 has this value already."]}
    stay.validate_unique(exclude=["code"])


def test_blanks_are_never_taken(kintone):
    Stay.objects.create(code="A")
    with assert_requests(0):
        Stay().validate_unique()


def test_a_model_without_unique_fields_asks_nothing(kintone):
    with assert_requests(0):
        City(name="Kobe").validate_unique()
