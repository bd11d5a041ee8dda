"""Signals: when receivers are called, and with which arguments."""

from __future__ import annotations

import gc

import pytest
from support.models.geography import City, Country

from kintone_orm.signals import (
    Signal,
    post_delete,
    post_save,
    pre_delete,
    pre_save,
    receiver,
)
from kintone_orm.testing import assert_requests

ALL = {
    "pre_save": pre_save,
    "post_save": post_save,
    "pre_delete": pre_delete,
    "post_delete": post_delete,
}


@pytest.fixture
def heard(kintone):
    """The calls of the four signals, as (signal's name, keyword arguments)."""
    told = []
    listeners = {}
    for name, signal in ALL.items():

        def listen(name=name, **named):
            told.append((name, named))

        listeners[name] = listen
        signal.connect(listen)
    yield told
    for name, listen in listeners.items():
        assert ALL[name].disconnect(listen)


@pytest.fixture
def signal():
    return Signal()


def listen(sender, **named):
    return sender, named


def names(told):
    return [name for name, _ in told]


def test_a_new_record(kintone, heard):
    city = City.objects.create(name="Kobe")

    said = {"instance": city, "using": kintone.alias, "update_fields": None, "raw": False}
    assert heard == [
        ("pre_save", {"signal": pre_save, "sender": City, **said}),
        ("post_save", {"signal": post_save, "sender": City, "created": True, **said}),
    ]


def test_a_change(kintone, heard):
    city = City.objects.create(name="Kobe")
    heard.clear()
    city.population = 3
    city.save(update_fields=["population"])

    assert names(heard) == ["pre_save", "post_save"]
    assert heard[0][1]["update_fields"] == frozenset(["population"])
    assert heard[1][1]["created"] is False


def test_a_deletion(kintone, heard):
    city = City.objects.create(name="Kobe")
    heard.clear()
    city.delete()

    said = {"sender": City, "instance": city, "using": kintone.alias, "origin": city}
    assert heard == [
        ("pre_delete", {"signal": pre_delete, **said}),
        ("post_delete", {"signal": post_delete, **said}),
    ]


def test_a_deleted_record_still_has_its_id(kintone):
    ids = []

    def note(instance, **named):
        ids.append(instance.pk)

    post_delete.connect(note)
    City.objects.create(name="Kobe").delete()

    assert ids == [1]


def test_a_save_of_nothing_tells_nobody_that_it_happened(kintone, heard):
    city = City.objects.create(name="Kobe")
    heard.clear()
    city.save()
    city.save(update_fields=[])

    assert names(heard) == ["pre_save"]


def test_what_a_receiver_changes_before_is_saved(kintone):
    def shout(instance, **named):
        instance.name = instance.name.upper()

    pre_save.connect(shout)
    City.objects.create(name="Kobe")

    assert City.objects.get().name == "KOBE"


def test_a_receiver_can_prevent_the_save(kintone):
    def refuse(**named):
        raise PermissionError("closed")

    pre_save.connect(refuse)
    with assert_requests(0), pytest.raises(PermissionError):
        City.objects.create(name="Kobe")


def test_a_receiver_that_fails_afterwards_undoes_nothing(kintone):
    def fail(**named):
        raise OSError("full")

    for signal in (post_save, post_delete):
        signal.connect(fail)
    city = City(name="Kobe")
    with pytest.raises(OSError, match="full"):
        city.save()
    assert city.pk == City.objects.get().pk
    with pytest.raises(OSError, match="full"):
        city.delete()
    assert (city.pk, city._state.adding, City.objects.count()) == (None, True, 0)


def test_what_writes_many_records_tells_nobody(kintone, heard):
    City.objects.bulk_create([City(name="Kobe")])
    City.objects.update(population=3)
    City.objects.all().delete()

    assert heard == []


def test_a_receiver_may_listen_to_one_model_only(kintone):
    told = []

    def note(sender, **named):
        told.append(sender)

    post_save.connect(note, sender=City)
    Country.objects.create(code="JP", name="日本")
    City.objects.create(name="Kobe")

    assert told == [City]


def test_the_answers_come_in_the_order_of_connecting(signal):
    def first(**named):
        return 1

    def second(**named):
        return 2

    signal.connect(first)
    signal.connect(second)

    assert signal.send(City) == [(first, 1), (second, 2)]


def test_a_receiver_that_nobody_keeps_is_gone(signal):
    def gone(**named):
        raise AssertionError

    signal.connect(gone)
    del gone
    gc.collect()

    assert signal.send(City) == []


def test_what_is_gone_leaves_nothing_behind(signal):
    for _ in range(3):
        signal.connect(lambda **named: 1)
        gc.collect()
    signal.connect(listen)

    assert len(signal._connections) == 1


def test_a_receiver_can_be_kept(signal):
    signal.connect(lambda **named: 1, weak=False)
    gc.collect()

    assert [answer for _, answer in signal.send(City)] == [1]


def test_a_method_lives_as_long_as_its_object(signal):
    class Listener:
        def hear(self, **named):
            return 1

    listener = Listener()
    signal.connect(listener.hear)
    assert [answer for _, answer in signal.send(City)] == [1]
    del listener
    gc.collect()

    assert signal.send(City) == []


def test_a_receiver_is_connected_once(signal):
    signal.connect(listen)
    signal.connect(listen)

    assert len(signal.send(City)) == 1


def test_a_receiver_may_be_connected_for_several_senders(signal):
    signal.connect(listen, sender=City)
    signal.connect(listen, sender=Country)

    assert len(signal.send(City)) == len(signal.send(Country)) == 1


def test_a_dispatch_uid_stands_for_the_receiver(signal):
    signal.connect(listen, dispatch_uid="x")
    signal.connect(lambda **named: 1, weak=False, dispatch_uid="x")

    assert signal.send(City) == [(listen, (City, {"signal": signal}))]
    assert signal.disconnect(dispatch_uid="x")
    assert signal.send(City) == []


def test_disconnecting_needs_what_was_connected(signal):
    signal.connect(listen, sender=City)

    assert not signal.disconnect(listen)
    assert not signal.disconnect(listen, sender=Country)
    assert signal.disconnect(listen, sender=City)
    assert not signal.disconnect(listen, sender=City)


def test_a_decorator_connects_to_one_or_several(signal):
    other = Signal()

    @receiver([signal, other], sender=City)
    def hear(**named):
        return 1

    assert signal.send(City) == other.send(City) == [(hear, 1)]
    assert signal.send(Country) == []


def test_a_receiver_must_take_whatever_comes(signal):
    with pytest.raises(ValueError, match=r"must accept every keyword argument. Add \*\*kwargs"):
        signal.connect(lambda sender, instance: None)


@pytest.mark.parametrize(("receiver", "sender"), [("listen", None), (listen, "City")])
def test_names_are_no_receivers_and_no_senders(signal, receiver, sender):
    with pytest.raises(TypeError, match="needs a function"):
        signal.connect(receiver, sender=sender)
