"""Law: a filter finds exactly the records whose text is equal, ignoring blanks at its end.

The emulator compares 64 characters and no blanks at the end, as kintone was seen to do.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm import Model, fields
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.testing import emulate

LONG = "x" * 64
TEXTS = ["", " ", "abc", "abc ", " abc", "ABC", "x" * 63, LONG, f"{LONG} ", f"{LONG}A", f"{LONG}B"]
ASKED = [text for text in TEXTS if text.rstrip(" ")]


class Note(Model):
    title = fields.SingleLineTextField()
    rank = fields.IntegerField()


def equal(one: str, other: str) -> bool:
    return one.rstrip(" ") == other.rstrip(" ")


@pytest.fixture(scope="module")
def empty():
    with emulate(Note) as kintone:
        yield kintone.snapshot()


@examples(60)
@given(
    held=st.lists(st.sampled_from(TEXTS), max_size=8),
    asked=st.lists(st.sampled_from(["", *ASKED]), min_size=1, max_size=3),
    order=st.sampled_from(["id", "-id", "rank", "-rank"]),
)
def test_what_is_found_is_what_is_equal(empty, held, asked, order):
    with emulate(like=empty):
        Note.objects.bulk_create([Note(title=text, rank=n % 3) for n, text in enumerate(held)])
        every = list(Note.objects.order_by(order))
        wanted = [note for note in every if any(equal(note.title, text) for text in asked)]
        found = Note.objects.filter(title__in=asked).order_by(order)
        assert list(found) == wanted
        assert {note.pk for note in found.values_list("pk", named=True)} == {n.pk for n in wanted}

        # A count or a negation is exact, or it is refused.
        with suppress(NotSupportedError):
            assert found.count() == len(wanted)
        with suppress(NotSupportedError):
            assert found.first() == (wanted[0] if wanted else None)
        with suppress(NotSupportedError):
            others = Note.objects.exclude(title__in=asked).order_by(order)
            assert list(others) == [note for note in every if note not in wanted]
        with suppress(NotSupportedError):
            assert found.update(rank=9) == len(wanted)
            assert Note.objects.filter(rank=9).count() == len(wanted)


@examples(60)
@given(
    held=st.lists(st.sampled_from(TEXTS), max_size=8),
    asked=st.sampled_from(ASKED),
)
def test_get_and_first_find_the_same(empty, held, asked):
    with emulate(like=empty):
        Note.objects.bulk_create([Note(title=text) for text in held])
        wanted = [note for note in Note.objects.all() if equal(note.title, asked)]
        found = Note.objects.filter(title=asked)
        assert found.first() == (wanted[0] if wanted else None)
        assert found.last() == (wanted[-1] if wanted else None)
        if len(wanted) == 1:
            assert found.get() == wanted[0]
        else:
            with pytest.raises(Note.MultipleObjectsReturned if wanted else Note.DoesNotExist):
                found.get()
        assert Note.objects.filter(title=asked).get_or_create(rank=5, defaults={"title": asked})[1]
