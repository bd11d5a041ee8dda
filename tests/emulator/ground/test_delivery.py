from __future__ import annotations

import pytest

from kintone_orm.emulator.ground.delivery import PROMPT, Delivery

BODY = bytes(range(100))


def test_an_answer_arrives_whole_and_at_once():
    assert list(PROMPT.pieces(BODY)) == [(0, BODY)]


def test_an_answer_that_is_cut_ends_after_half_of_the_body():
    assert list(Delivery(cut=True).pieces(BODY)) == [(0, BODY[:50])]


def test_a_slow_answer_comes_in_pieces_over_its_seconds():
    pieces = list(Delivery(seconds=5).pieces(BODY))
    assert b"".join(piece for _, piece in pieces) == BODY
    assert len(pieces) == 20
    assert sum(silence for silence, _ in pieces) == pytest.approx(5)


@pytest.mark.parametrize("delivery", [PROMPT, Delivery(cut=True), Delivery(seconds=5)])
def test_an_empty_body_has_no_pieces(delivery):
    assert list(delivery.pieces(b"")) == []
