"""A transfer keeps one block of a file in memory, whatever the file's size."""

from __future__ import annotations

import tracemalloc

import pytest
from support.bytes_at_hand import BytesAtHand, digest

from kintone_orm import Model, fields
from kintone_orm.fields import File

MB = 1 << 20
SIZE = 64 * MB


class Film(Model):
    reels = fields.FileField()


@pytest.fixture(scope="module")
def source():
    return digest(BytesAtHand(SIZE))


@pytest.fixture
def peak():
    """The peak of Python's memory since the test began."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_up_and_down(kintone, peak, source, tmp_path):
    film = Film.objects.create(reels=[File(BytesAtHand(SIZE), name="reel")])
    path = film.reels[0].save_to(tmp_path)
    assert peak() < 6 * MB
    with path.open("rb") as file:
        assert digest(file) == source


def test_a_copy(kintone, peak):
    film = Film.objects.create(reels=[File(BytesAtHand(16 * MB), name="reel")])
    again = film.duplicate()
    again.save()
    assert peak() < 6 * MB
    assert again.reels[0].size == 16 * MB
