"""Meta: its options, their inheritance, and the errors of wrong ones."""

from __future__ import annotations

import pytest

from kintone_orm import Model, connections, fields
from kintone_orm.exceptions import (
    FieldDoesNotExist,
    FieldError,
    ImproperlyConfigured,
    NotSupportedError,
)
from kintone_orm.models import Manager, QuerySet
from kintone_orm.testing import emulate


class Stamped(Model):
    created = fields.CreatedTimeField("Created_datetime")

    class Meta:
        abstract = True


class Named:
    """A plain mixin."""

    name = fields.SingleLineTextField("Name")


class Part(Named, Stamped):
    price = fields.NumberField()


def test_the_app_is_the_models_name_unless_given():
    assert Part._meta.app == "part"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("odering", "Bad.Meta has no option 'odering'. Did you mean 'ordering'"),
        ("db_table", "Bad.Meta.db_table is not supported: kintone has apps, not tables. Name"),
        ("unique_together", "prohibits duplicates only in a single field"),
    ],
)
def test_an_unknown_meta_option_is_refused(option, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        type(Model)("Bad", (Model,), {"Meta": type("Meta", (), {option: "x"})})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"abstract": "no"}, "Bad.Meta.abstract must be True or False, not 'no'"),
        ({"check_revision": "no"}, "Bad.Meta.check_revision must be True or False, not 'no'"),
        ({"proxy": 0}, "Bad.Meta.proxy must be True or False, not 0"),
        ({"proxy": True, "abstract": True}, "Bad.Meta cannot be both abstract and a proxy"),
        ({"app": True}, "Bad.Meta.app must be the app's id, .* not True"),
        ({"app": 0}, "Bad.Meta.app must be the app's id, .* not 0"),
        ({"app": None}, "Bad.Meta.app must be the app's id, .* not None"),
        ({"app": ""}, "Bad.Meta.app must be the app's id, .* not ''"),
    ],
)
def test_a_meta_option_of_the_wrong_type_is_refused(options, message):
    base = Part if options.get("proxy") else Model
    with pytest.raises(ImproperlyConfigured, match=message):
        type(Model)("Bad", (base,), {"Meta": type("Meta", (), options)})


def test_get_field_names_the_near_ones():
    with pytest.raises(FieldDoesNotExist, match="Part has no field 'prise'. Did you mean 'price'"):
        Part._meta.get_field("prise")


def test_meta_ordering_is_the_order_unless_another_is_given():
    class Ranked(Model):
        rank = fields.IntegerField()

        class Meta:
            ordering = ["-rank"]

    assert Ranked.objects.all().query == "order by rank desc, $id asc"
    assert Ranked.objects.order_by("rank").query == "order by rank asc, $id asc"
    assert Ranked.objects.order_by().query == "order by $id asc"
    assert Ranked.objects.all().reverse().query == "order by rank asc, $id desc"
    assert Ranked.objects.all().ordered
    assert not Ranked.objects.order_by().ordered


def test_meta_app_may_be_a_function_of_the_connection():
    class Part2(Model):
        price = fields.NumberField()

        class Meta:
            app = staticmethod(lambda connection: connection.apps["part"])

    with emulate(Part) as kintone:
        assert Part2._meta.app_id(kintone) == kintone.apps["part"]
        Part.objects.create(price=3)
        assert Part2.objects.get().price == 3


def test_two_models_may_share_an_app():
    class Cheap(Model):
        price = fields.NumberField()

        class Meta:
            app = "part"

    with emulate(Part, Cheap) as kintone:
        Part.objects.create(price=3, name="x")
        assert Cheap.objects.get().price == 3
        assert set(kintone.apps) == {"part"}


class Common(Model):
    class Meta:
        abstract = True
        ordering = ["-pk"]
        check_revision = False


def test_meta_is_inherited_from_an_abstract_model():
    class Child(Common):
        pass

    assert Child._meta.ordering == ("-pk",)
    assert not Child._meta.check_revision
    assert not Child._meta.abstract


def test_meta_may_inherit():
    class Child(Common):
        class Meta(Common.Meta):
            ordering = ["pk"]

    assert Child._meta.ordering == ("pk",)
    assert not Child._meta.check_revision
    assert not Child._meta.abstract


def test_a_meta_of_its_own_replaces_the_inherited_one():
    class Child(Common):
        class Meta:
            app = "children"

    assert Child._meta.ordering == ()


def test_an_ordering_that_is_one_text_is_refused():
    with pytest.raises(
        ImproperlyConfigured, match="Bad.Meta.ordering must be a list of names, not 'p"
    ):

        class Bad(Model):
            class Meta:
                ordering = "pk"


def test_a_misspelt_ordering_is_refused_at_once():
    with pytest.raises(FieldDoesNotExist, match="Bad has no field 'prise'. Did you mean 'price'"):

        class Bad(Model):
            price = fields.NumberField()

            class Meta:
                ordering = ["-prise"]


def model_ordered_by(key, **declared):
    meta = type("Meta", (), {"ordering": [key]})
    price, tags = fields.NumberField(), fields.CheckBoxField(choices=["a"])
    return type(Model)("Priced", (Model,), {"price": price, "tags": tags, "Meta": meta, **declared})


def test_an_ordering_may_have_the_sign_that_order_by_takes(kintone):
    model = model_ordered_by("+price")

    assert model.objects.using(kintone).query == "order by price asc, $id asc"


@pytest.mark.parametrize(
    ("key", "error", "message"),
    [
        ("--price", FieldError, "Priced has no field '-price'"),
        ("tags", FieldError, "Priced.tags .CHECK_BOX. cannot be sorted by"),
        (3, FieldError, "takes field names, not 3"),
        ("?", NotSupportedError, "no random order"),
        ("others", FieldError, "cannot be sorted by"),
        ("others__name", FieldError, "is in a table"),
        ("other", NotSupportedError, "a record of another app"),
    ],
)
def test_an_ordering_that_kintone_does_not_have_is_refused_at_once(key, error, message):
    with pytest.raises(error, match=f"Priced.Meta.ordering: .*{message}"):
        model_ordered_by(
            key,
            code=fields.LookupField("NotYetThere", key="code"),
            other=fields.RelatedRecord("code"),
            others=fields.ReferenceTableField("NotYetThere", key="code", related="code"),
        )


def test_an_ordering_by_a_lookup_needs_no_other_model_yet():
    model = model_ordered_by("-code", code=fields.LookupField("NotYetThere", key="code"))

    assert model._meta.ordering == ("-code",)


def test_the_latest_is_by_what_kintone_sorts_by():
    meta = type("Meta", (), {"get_latest_by": "tags"})
    with pytest.raises(FieldError, match="Bad.Meta.get_latest_by: Bad.tags .* cannot be sorted"):
        type(Model)("Bad", (Model,), {"tags": fields.CheckBoxField(choices=["a"]), "Meta": meta})


def test_a_name_in_the_plural_is_the_singulars_unless_given():
    class Sheep(Model):
        class Meta:
            verbose_name_plural = "sheep"

    assert (Part._meta.verbose_name_plural, Sheep._meta.verbose_name_plural) == ("Parts", "sheep")


def test_the_default_manager_may_be_named():
    class Person(Model):
        people = Manager()

        class Meta:
            default_manager_name = "people"

    assert type(Person._default_manager) is type(Part._default_manager) is QuerySet


def test_a_default_manager_that_is_not_there_is_refused():
    with pytest.raises(ImproperlyConfigured, match="Bad has no manager 'people'"):

        class Bad(Model):
            people = fields.NumberField()

            class Meta:
                default_manager_name = "people"


def test_a_model_without_an_app_says_how_to_get_one():
    with (
        emulate(),
        pytest.raises(ImproperlyConfigured, match=r"Part: .* Or call deploy\(Part\)"),
    ):
        Part.objects.count()


def test_without_connect_or_the_fixture_it_says_that_they_are_missing(monkeypatch):
    monkeypatch.setattr(connections, "_by_alias", {})
    with pytest.raises(ImproperlyConfigured, match=r"connect\(\) was not called .*'kintone'"):
        Part.objects.count()
