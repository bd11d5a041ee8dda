from __future__ import annotations

import pytest

from kintone_orm import Model, fields
from kintone_orm.exceptions import DecodeError
from kintone_orm.fields import User
from kintone_orm.models.record.decoding.page_decoder import decode


class Claim(Model):
    title = fields.SingleLineTextField()
    status = fields.StatusField("Status")
    assignees = fields.StatusAssigneeField("Assignee")
    categories = fields.CategoryField("Categories")


SENT = {
    "$id": {"value": "7"},
    "$revision": {"value": "3"},
    "title": {"value": "A"},
    "Status": {"value": "Not started"},
    "Assignee": {"value": [{"code": "alice", "name": "Alice"}]},
    "Categories": {"value": ["travel"]},
}


def test_what_is_read(kintone):
    (claim,) = decode(Claim, [SENT], kintone)
    assert claim._state.undecoded is None
    assert claim.status == "Not started"
    assert claim.assignees == [User("alice")]
    assert claim.categories == ["travel"]


@pytest.mark.parametrize("name", ["status", "assignees", "categories"])
def test_it_cannot_be_set(name):
    with pytest.raises(AttributeError, match=rf"Claim\.{name} cannot be set"):
        setattr(Claim(), name, None)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("status", "Process management is not enabled in the app"),
        ("assignees", "Process management is not enabled in the app"),
        ("categories", "Categories are not enabled in the app"),
    ],
)
def test_where_it_is_switched_off_the_attribute_says_so(kintone, name, why):
    Claim(title="A").save()
    claim = Claim.objects.get()
    assert claim.title == "A"
    with pytest.raises(DecodeError, match=why):
        getattr(claim, name)


def test_a_save_never_sends_them(kintone):
    Claim(title="A").save()
    claim = Claim.objects.get()
    claim.title = "B"
    claim.save()
    assert Claim.objects.get().title == "B"


@pytest.mark.parametrize(("name", "raw"), [("status", None), ("categories", None)])
def test_what_is_no_such_value_is_refused(name, raw):
    with pytest.raises(TypeError):
        Claim._meta.get_field(name).to_python(raw)
