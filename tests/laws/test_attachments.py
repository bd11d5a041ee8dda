"""Law: the files of a list are saved, whatever is done to it, and no file is sent twice."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import UniqueViolation
from kintone_orm.fields import Attachment, ContentFile
from kintone_orm.testing import capture_requests, emulate


class Pocket(Row):
    papers = fields.FileField("pocket_papers")


class Binder(Model):
    title = fields.SingleLineTextField(unique=True)
    front = fields.FileField()
    back = fields.FileField()
    pockets = fields.SubtableField(Pocket)


# A step: what is done, where, and with what of the files that there are.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["new", "copy", "move", "drop", "turn", "assign", "row", "refused", "save"]
        ),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    max_size=12,
)


def cells(binder):
    return [binder.front, binder.back, *(pocket.papers for pocket in binder.pockets)]


def contents(binder):
    """The contents of the files in each list; a pending file's name is its content."""
    return [
        [each.read() if isinstance(each, Attachment) else each.name.encode() for each in cell]
        for cell in cells(binder)
    ]


def change(binder, kind, one, two, names):
    lists = cells(binder)
    here, there = lists[one % len(lists)], lists[two % len(lists)]
    if kind == "new":
        name = f"file {next(names)}"
        here.append(ContentFile(name.encode(), name))
    elif kind == "assign":
        binder.back = list(here)
    elif kind == "row":
        binder.pockets.insert(0, Pocket())
    elif here and kind == "copy":
        there.insert(two % (len(there) + 1), here[one % len(here)])
    elif here and kind == "move":
        there.append(here.pop(one % len(here)))
    elif here and kind == "drop":
        del here[one % len(here)]
    elif kind == "turn":
        here.reverse()
        binder.pockets.reverse()


def refused(binder):
    """A save that kintone refuses after the files were uploaded."""
    binder.title = "taken"
    with pytest.raises(UniqueViolation):
        binder.save()
    binder.title = "mine"


@pytest.fixture(scope="module")
def office():
    with emulate(Binder) as connection:
        Binder.objects.create(title="taken")
        return connection.snapshot()


@given(steps=STEPS)
def test_what_is_saved_is_what_stood_there(office, steps):
    names = count()
    with emulate(like=office) as here:
        binder = Binder.objects.create(title="mine")
        for kind, one, two in steps:
            if kind == "refused":
                refused(binder)
            elif kind == "save":
                binder.save()
            else:
                change(binder, kind, one, two, names)
        expected = contents(binder)
        refused(binder)
        with capture_requests(here) as sent:
            binder.save()
        assert [request.path for request in sent] in ([], ["/k/v1/record.json"])
        assert contents(binder) == expected
        assert contents(Binder.objects.get(title="mine")) == expected
