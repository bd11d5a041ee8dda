"""Cached properties of models and rows: Python's and Django's; a misspelt attribute is refused."""

from __future__ import annotations

import copy
import functools
import pickle

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.testing import assert_requests, emulate


class django_cached_property:  # noqa: N801 - as Django's, which is not installed here
    """A copy of `django.utils.functional.cached_property` of Django 5.2."""

    def __init__(self, func):
        self.real_func = func
        self.__doc__ = func.__doc__

    @staticmethod
    def func(instance):
        raise TypeError("Cannot use cached_property instance without calling __set_name__() on it.")

    def __set_name__(self, owner, name):
        self.name = name
        self.func = self.real_func

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        result = instance.__dict__[self.name] = self.func(instance)
        return result


django_cached_property.__name__ = "cached_property"

computed = []


class Priced(Model):
    price = fields.NumberField()

    class Meta:
        abstract = True

    @functools.cached_property
    def double(self):
        """Twice the price."""
        computed.append("double")
        return self.price * 2


class Article(Priced):
    name = fields.SingleLineTextField()

    @functools.cached_property
    def shout(self):
        computed.append("shout")
        return self.name.upper()

    @django_cached_property
    def whisper(self):
        computed.append("whisper")
        return self.name.lower()


class Special(Article):
    class Meta:
        proxy = True

    @functools.cached_property
    def praise(self):
        computed.append("praise")
        return f"{self.name}!"


@pytest.fixture
def article():
    computed.clear()
    with emulate(Article):
        yield Article.objects.create(name="Pen", price=2)


@pytest.mark.parametrize("name", ["double", "shout", "whisper"])
def test_it_is_worked_out_once_for_each_record(article, name):
    first, second = Article.objects.get(), Article.objects.get()
    assert getattr(first, name) == getattr(first, name) == getattr(second, name)
    assert computed == [name, name]


def test_a_proxy_has_those_of_its_model_and_its_own(article):
    special = Special.objects.get()
    assert (special.praise, special.shout, special.double) == ("Pen!", "PEN", 4)
    assert (special.praise, special.shout, special.double) == ("Pen!", "PEN", 4)
    assert computed == ["praise", "shout", "double"]


def test_it_can_be_set_and_forgotten(article):
    article.shout = "NO"
    assert article.shout == "NO"
    del article.shout
    assert article.shout == "PEN"
    del article.shout
    with pytest.raises(AttributeError, match="shout"):
        del article.shout


def test_the_class_has_it_as_it_was_declared(article):
    assert isinstance(Article.double, functools.cached_property)
    assert Article.double.__doc__ == "Twice the price."


def test_a_copy_and_a_pickle_have_what_was_worked_out_and_a_duplicate_has_not(article):
    assert article.shout == "PEN"
    for other in (copy.copy(article), copy.deepcopy(article), pickle.loads(pickle.dumps(article))):
        assert other.shout == "PEN"
        other.shout = "INK"
        assert article.shout == "PEN"
    assert article.duplicate(name="Ink").shout == "INK"


def test_a_misspelt_attribute_is_refused(article):
    with pytest.raises(AttributeError):
        article.nmae = "x"
    with pytest.raises(AttributeError):
        Article(name="a").shuot = "x"
    assert not hasattr(article, "__dict__")


def test_a_plain_class_beside_the_model_gives_free_attributes():
    class Free:
        pass

    class Loose(Free, Model):
        name = fields.SingleLineTextField()

        @functools.cached_property
        def shout(self):
            return self.name.upper()

    with emulate(Loose):
        loose = Loose.objects.create(name="a")
        loose.note = "anything"
        assert (loose.note, loose.shout, loose.shout) == ("anything", "A", "A")
        assert Loose.objects.get().name == "a"


class Measured(Row):
    width = fields.NumberField()

    @functools.cached_property
    def double(self):
        computed.append("double")
        return self.width * 2


class Named:
    __slots__ = ()

    @django_cached_property
    def title(self):
        return f"{self.width} wide"


class Framed(Named, Measured):
    frame = fields.SingleLineTextField()


class Plain(Row):
    depth = fields.NumberField()


class Wall(Model):
    panels = fields.SubtableField(Framed)
    holes = fields.SubtableField(Plain)


@pytest.fixture
def panel():
    computed.clear()
    with emulate(Wall):
        Wall.objects.create(panels=[Framed(width=2)], holes=[Plain(depth=1)])
        yield Wall.objects.get().panels[0]


def test_a_row_works_it_out_once(panel):
    assert (panel.double, panel.double, panel.title) == (4, 4, "2 wide")
    assert computed == ["double"]
    panel.double = 5
    assert panel.double == 5
    del panel.double
    assert panel.double == 4


def test_copies_and_pickles_of_a_row_have_it_each_for_itself(panel):
    assert panel.double == 4
    for other in (copy.copy(panel), copy.deepcopy(panel), pickle.loads(pickle.dumps(panel))):
        assert other == panel
        assert other.double == 4
        other.double = 5
        assert panel.double == 4


def test_what_a_row_has_worked_out_is_no_change_of_it(panel):
    wall = Wall.objects.get()
    assert wall.panels[0].double == 4
    with assert_requests(0):
        wall.save()


def test_a_row_without_cached_properties_has_no_room_for_them(panel):
    assert not hasattr(Plain, "_cached")
    with pytest.raises(AttributeError):
        panel.nmae = "x"
    assert not hasattr(panel, "__dict__")
