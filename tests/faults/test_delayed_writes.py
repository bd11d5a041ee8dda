"""A save whose request arrives late, and two programs that count down one stock."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.faults.served import serving_emulators
from support.faults.wire_faults import FAULTS
from support.faults.wired import Held, wired

from kintone_orm import Model, connections, fields
from kintone_orm.exceptions import APIError, ConflictError
from kintone_orm.models import LostSave
from kintone_orm.outcomes import CarriedOut
from kintone_orm.testing import emulate


class Stock(Model):
    name = fields.SingleLineTextField()
    left = fields.IntegerField()
    log = fields.MultiLineTextField()


@pytest.fixture(scope="module")
def served():
    with serving_emulators() as served:
        yield served


@pytest.fixture
def inside():
    """The emulator's own connection, which has no faults."""
    with emulate(Stock) as connection:
        Stock.objects.create(name="rice", left=10, log="")
        yield connection


@pytest.fixture
def wire(served, inside):
    with wired(served, inside) as (connection, proxy), connections.override(connection):
        yield proxy


@pytest.fixture
def stock(wire):
    """A stock that is read, and counted down, but not saved."""
    stock = Stock.objects.get()
    stock.left -= 1
    return stock


def stored(inside):
    with connections.override(inside):
        return Stock.objects.values_list("left", "revision").get()


def somebody_else_counts_down(inside):
    with connections.override(inside):
        Stock.objects.modify(1, lambda stock: setattr(stock, "left", stock.left - 1))


def spoil(proxy, *faults):
    """One fault, or None, for each of the next requests."""
    coming = iter(faults)
    proxy.spoil_by(lambda _number: next(coming, None))


def lost_save_of(stock):
    with pytest.raises(LostSave) as caught:
        stock.save()
    assert not isinstance(caught.value, ConflictError)
    assert caught.value.carried_out is CarriedOut.UNKNOWN
    return caught.value


def test_a_first_put_that_arrives_before_the_second_one_is_no_conflict(inside, wire, stock):
    held = Held()

    def deliver_and_pass_on(exchange):
        held.deliver()
        exchange.pass_on()

    spoil(wire, held, deliver_and_pass_on)
    error = lost_save_of(stock)
    assert error.looks_saved
    assert (error.latest().left, error.latest().revision) == (9, 2)
    assert stored(inside) == (9, 2)


def test_a_first_put_that_arrives_after_the_second_one_changes_nothing(inside, wire, stock):
    held, statuses = Held(), []

    def pass_on_and_deliver(exchange):
        exchange.carry_out()
        statuses.append(held.deliver())
        exchange.pass_on()

    spoil(wire, held, pass_on_and_deliver)
    stock.save()
    assert statuses == [409]
    assert stored(inside) == (9, 2) == (stock.left, stock.revision)


def test_a_first_put_that_arrives_after_the_read_changes_nothing(inside, wire, stock):
    held = Held()
    spoil(wire, held)
    stock.save()
    assert Stock.objects.get().left == 9
    assert held.deliver() == 409
    assert stored(inside) == (9, 2)


def test_the_same_value_of_another_writer_is_not_taken_for_ours(inside, wire, stock):
    held = Held()
    spoil(wire, held)
    somebody_else_counts_down(inside)  # 9 from 10, as ours would be
    error = lost_save_of(stock)
    assert error.looks_saved, "a hint, and no proof"
    assert held.deliver() == 409
    assert stored(inside) == (9, 2)


def test_another_writer_before_our_second_put_leaves_a_save_that_does_not_look_saved(
    inside, wire, stock
):
    held = Held()
    spoil(wire, held)
    for _ in range(2):
        somebody_else_counts_down(inside)
    error = lost_save_of(stock)
    assert not error.looks_saved
    assert error.latest().left == 8
    assert held.deliver() == 409
    assert stored(inside) == (8, 3)


def test_a_put_that_arrives_after_a_lost_save_was_looked_at_meets_a_conflict_or_makes_one(
    inside, wire, stock
):
    held = Held()
    spoil(wire, *[held] * 6)
    error = lost_save_of(stock)
    assert not error.looks_saved
    again = error.latest()
    assert held.deliver() == 200, "it arrives between the look and the second save"
    again.left -= 1
    with pytest.raises(Stock.Conflict) as caught:
        again.save()
    assert caught.value.carried_out is CarriedOut.NO
    assert {held.deliver() for _ in range(5)} == {409}
    assert stored(inside) == (9, 2)


def test_modify_does_not_apply_its_change_again_after_a_lost_answer(inside, wire):
    held = Held()

    def deliver_and_pass_on(exchange):
        held.deliver()
        exchange.pass_on()

    spoil(wire, None, held, deliver_and_pass_on)
    with pytest.raises(LostSave):
        Stock.objects.modify(1, lambda stock: setattr(stock, "left", stock.left - 1))
    assert stored(inside) == (9, 2)


# ---------------------------------------------------------------- two writers of one stock

TIMES = 12
RANDOM = ["dropped before", "dropped after", "reset after", "502 page before", "502 page after"]
RANDOM += ["body cut", "GAIA_DA02", "GAIA_TO04", "no gzip", "HTML with 200 after"]


def by_modify(token):
    def take(stock):
        stock.left -= 1
        stock.log += token

    Stock.objects.modify(1, take, attempts=20)


def by_saves(token):
    while True:
        stock = Stock.objects.get(pk=1)
        stock.left -= 1
        stock.log += token
        try:
            stock.save()
        except Stock.Conflict:
            continue  # it was not carried out, says the ledger
        else:
            return


def count_down(connection, writer, way):
    """The tokens of the writer by what it knows of them."""
    known = {kind: [] for kind in CarriedOut}
    with connections.override(connection):
        for number in range(TIMES):
            token = f"{writer}{number};"
            try:
                way(token)
            except APIError as error:
                known[error.carried_out].append(token)
            else:
                known[CarriedOut.YES].append(token)
    return known


@pytest.mark.parametrize("way", [by_modify, by_saves])
@pytest.mark.parametrize("seed", range(3))
def test_two_writers_never_lose_a_decrement(served, inside, way, seed):
    drawn = random.Random(seed)
    with wired(served, inside) as (connection, proxy), ThreadPoolExecutor(2) as pool:
        proxy.spoil_by(
            lambda _number: FAULTS[drawn.choice(RANDOM)] if drawn.random() < 0.3 else None
        )
        writers = [pool.submit(count_down, connection, name, way) for name in "ab"]
        known = [writer.result() for writer in writers]
    with connections.override(inside):
        final = Stock.objects.get()
    tokens = final.log.split(";")[:-1]
    assert final.left == 10 - len(tokens), "each decrement that is stored has its token"
    assert len(tokens) == len(set(tokens)), "no decrement is applied twice"
    written = {f"{token};" for token in tokens}
    for of_one in known:
        assert written >= {*of_one[CarriedOut.YES]}
        assert not written & {*of_one[CarriedOut.NO]}
    known_tokens = {t for of_one in known for tokens in of_one.values() for t in tokens}
    assert written <= known_tokens
    assert len(known_tokens) == 2 * TIMES
