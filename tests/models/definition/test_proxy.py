"""Meta.proxy: another class, with other methods, for the same records."""

from __future__ import annotations

import pickle

import pytest

from kintone_orm import Model, fields
from kintone_orm.exceptions import FieldDoesNotExist, ImproperlyConfigured
from kintone_orm.testing import emulate


class Parcel(Model):
    number = fields.SingleLineTextField(required=True)
    weight = fields.IntegerField()
    tags = fields.CheckBoxField(choices=["fragile"])

    class Meta:
        app = "parcels"
        ordering = ["-weight"]
        check_revision = False


class Greeting:
    def greeting(self):
        return f"I am {self.number}"


class HeavyParcel(Greeting, Parcel):
    class Meta:
        proxy = True

    @property
    def tons(self):
        return self.weight / 1000


class LightParcel(HeavyParcel):
    class Meta:
        proxy = True
        ordering = ["weight"]
        verbose_name = "Light parcel"


@pytest.fixture
def parcel(kintone):
    return Parcel.objects.create(number="P-1", weight=2000)


def test_a_proxy_reads_the_same_records_as_its_own(parcel):
    heavy = HeavyParcel.objects.get()

    assert type(heavy) is HeavyParcel
    assert (heavy.number, heavy.tons, heavy.greeting()) == ("P-1", 2.0, "I am P-1")


def test_a_proxy_writes_the_same_records(parcel):
    heavy = HeavyParcel.objects.get()
    heavy.weight = 3000
    heavy.tags.append("fragile")
    heavy.save()
    HeavyParcel.objects.create(number="P-2")

    assert Parcel.objects.get(number="P-1").weight == 3000
    assert Parcel.objects.count() == 2


def test_records_are_equal_whatever_their_class(parcel):
    heavy, light = HeavyParcel.objects.get(), LightParcel.objects.get()

    assert parcel == heavy == light
    assert len({parcel, heavy, light}) == 1


def test_a_proxy_has_the_model_that_it_stands_for():
    assert HeavyParcel._meta.concrete_model is LightParcel._meta.concrete_model is Parcel
    assert Parcel._meta.concrete_model is Parcel
    assert (HeavyParcel._meta.proxy, Parcel._meta.proxy) == (True, False)


def test_a_proxy_has_its_models_fields_and_options():
    assert HeavyParcel._meta.fields == Parcel._meta.fields
    assert (HeavyParcel._meta.app, HeavyParcel._meta.check_revision) == ("parcels", False)
    assert HeavyParcel._meta.ordering == ("-weight",)


def test_a_proxy_may_say_otherwise():
    assert LightParcel._meta.ordering == ("weight",)
    assert LightParcel._meta.verbose_name == "Light parcel"
    assert HeavyParcel._meta.verbose_name == "HeavyParcel"


def test_who_catches_the_models_errors_catches_the_proxys(kintone):
    with pytest.raises(Parcel.DoesNotExist):
        HeavyParcel.objects.get(pk=9)
    with pytest.raises(HeavyParcel.DoesNotExist):
        HeavyParcel.objects.get(pk=9)
    assert not issubclass(Parcel.DoesNotExist, HeavyParcel.DoesNotExist)


def test_a_proxys_conflict_is_the_models(parcel):
    class Careful(Parcel):
        class Meta:
            proxy = True
            check_revision = True

    mine = Careful.objects.get()
    Parcel.objects.update(weight=1)
    mine.weight = 2
    with pytest.raises(Parcel.Conflict) as caught:
        mine.save()
    assert type(caught.value.latest()) is Careful


def test_a_proxy_can_be_pickled(parcel):
    again = pickle.loads(pickle.dumps(HeavyParcel.objects.get()))

    assert type(again) is HeavyParcel
    assert again == parcel


def test_a_proxy_alone_has_the_app_made():
    with emulate(HeavyParcel) as kintone:
        Parcel.objects.create(number="P-1")
        assert set(kintone.apps) == {"parcels"}


@pytest.mark.parametrize(
    ("bases", "body", "message"),
    [
        (
            (Parcel,),
            {"more": fields.NumberField()},
            "cannot add fields: more. Make it a model of its",
        ),
        ((Parcel,), {"weight": fields.NumberField()}, "cannot add fields: weight"),
        ((Parcel,), {"weight": None}, "cannot add fields: weight"),
        ((Model,), {}, "exactly one base model with an app, not none"),
    ],
)
def test_more_than_a_proxy_is_refused(bases, body, message):
    meta = type("Meta", (), {"proxy": True})
    with pytest.raises(ImproperlyConfigured, match=message):
        type(Model)("Bad", bases, {"Meta": meta} | body)


def test_a_proxy_of_two_models_is_refused():
    class Letter(Model):
        pass

    with pytest.raises(ImproperlyConfigured, match="not Letter, Parcel"):
        type(Model)("Bad", (Parcel, Letter), {"Meta": type("Meta", (), {"proxy": True})})


def test_fields_of_a_mixin_are_refused():
    class Priced:
        price = fields.NumberField()

    with pytest.raises(ImproperlyConfigured, match="cannot add fields: price"):
        type(Model)("Bad", (Priced, Parcel), {"Meta": type("Meta", (), {"proxy": True})})


@pytest.mark.parametrize("option", ["app", "number_precision"])
def test_what_is_the_apps_cannot_be_the_proxys(option):
    meta = type("Meta", (), {"proxy": True, option: "x"})
    with pytest.raises(
        ImproperlyConfigured, match=f"Bad.Meta.{option}: a proxy has the {option} of Parc"
    ):
        type(Model)("Bad", (Parcel,), {"Meta": meta})


def test_an_ordering_by_nothing_is_refused():
    meta = type("Meta", (), {"proxy": True, "ordering": ["wait"]})
    with pytest.raises(FieldDoesNotExist, match="Did you mean 'weight'"):
        type(Model)("Bad", (Parcel,), {"Meta": meta})


def test_being_a_proxy_is_not_inherited():
    with pytest.raises(ImproperlyConfigured, match="set Meta.proxy = True"):

        class Bad(HeavyParcel):
            pass
