"""Managers: `Model.objects`, and managers that a model declares."""

from __future__ import annotations

import copy
import pickle

import pytest

from kintone_orm import Model, fields
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.models import FETCH_ONE, Manager, QuerySet
from kintone_orm.testing import assert_requests


class BookQuerySet(QuerySet["Book"]):
    def published(self):
        return self.filter(published="yes")

    def cheap(self):
        return self.filter(price__lt=10)


class Published(Manager):
    def get_queryset(self):
        return super().get_queryset().filter(published="yes")


class Below(Manager.from_queryset(BookQuerySet)):
    """A manager with an argument of its own."""

    def __init__(self, price):
        self.price = price

    def get_queryset(self):
        return super().get_queryset().filter(price__lt=self.price)


class Shared(Model):
    objects = QuerySet.as_manager()
    published_ones = Published()

    title = fields.SingleLineTextField()
    published = fields.CheckBoxField(choices=["yes"])
    price = fields.NumberField()

    class Meta:
        abstract = True


class Book(Shared):
    objects = BookQuerySet.as_manager()
    below_five = Below(5)


class Paper(Shared):
    pass


@pytest.fixture
def books(kintone):
    Book.objects.bulk_create(
        [
            Book(title="A", published=["yes"], price=3),
            Book(title="B", published=["yes"], price=30),
            Book(title="C", price=4),
        ]
    )


def titles(queryset) -> list[str]:
    return [book.title for book in queryset]


def test_the_methods_of_a_queryset_of_ones_own_chain(books):
    assert titles(Book.objects.cheap().filter(published="yes")) == ["A"]
    assert titles(Book.objects.filter(title__in=["A", "C"]).cheap().order_by("-title")) == [
        "C",
        "A",
    ]
    assert type(Book.objects.all()[:1]) is BookQuerySet


def test_a_manager_starts_with_the_records_that_it_says(books):
    assert titles(Book.published_ones.all()) == ["A", "B"]
    assert titles(Book.below_five.all()) == ["A", "C"]
    assert titles(Book.below_five.cheap().exclude(title="A")) == ["C"]


def test_an_inherited_manager_is_for_the_model_that_is_asked(books):
    assert (Book.published_ones.model, Paper.published_ones.model) == (Book, Paper)
    assert Paper.published_ones.count() == 0


def test_a_manager_is_not_there_for_a_record_nor_for_an_abstract_model(books):
    with pytest.raises(AttributeError, match="A record has no manager"):
        Book.objects.first().published_ones  # noqa: B018
    with pytest.raises(AttributeError, match="Shared is abstract"):
        Shared.published_ones  # noqa: B018


def test_what_a_manager_does_not_show_is_saved_refreshed_and_deleted(books):
    class Hidden(Model):
        objects = Below(1)
        title = fields.SingleLineTextField()
        price = fields.NumberField()

        class Meta:
            app = "book"

    book = QuerySet(Hidden).get(title="B")
    book.title = "Seen"
    book.save()
    book.refresh_from_db()
    assert book.title == "Seen"
    assert QuerySet(Hidden).only("title").get(title="Seen").price == 30
    book.delete()

    assert Book.objects.count() == 2


def test_deleting_everything_that_a_manager_shows_has_to_be_said(books):
    with pytest.raises(AttributeError, match=r"all\(\)\.delete\(\)"):
        Book.published_ones.delete()

    assert Book.published_ones.all().delete()[0] == 2
    assert titles(Book.objects) == ["C"]


def test_asking_a_manager_sends_nothing(kintone):
    with assert_requests(0):
        Book.below_five.cheap()


def test_a_queryset_can_be_made_for_a_connection(books, kintone):
    assert titles(BookQuerySet(Book, using=kintone).cheap()) == ["A", "C"]
    assert titles(BookQuerySet(Book, using=kintone.alias).filter(title="A")) == ["A"]


def test_a_method_of_a_manager_is_refused_and_told_where_it_belongs():
    message = "Titles.titled would not be found, .* ThatQuerySet.as_manager"
    with pytest.raises(ImproperlyConfigured, match=message):

        class Titles(Manager):
            def titled(self):
                return self.get_queryset()


def test_a_method_that_is_mixed_into_a_manager_is_refused_as_well():
    class Titles:
        def titled(self):
            return self.get_queryset()

    with pytest.raises(ImproperlyConfigured, match="Mixed.titled would not be found"):
        type("Mixed", (Titles, Manager), {})


def test_a_mixin_may_say_which_records_a_manager_starts_with(books):
    class Dear:
        def get_queryset(self):
            return super().get_queryset().filter(price__gt=10)

    manager = type("DearBooks", (Dear, Below), {})(50)
    manager = manager._of(Book)
    assert titles(manager.get_queryset()) == ["B"]


def test_a_manager_must_start_with_a_queryset(kintone):
    class Listed(Manager):
        def get_queryset(self):
            return []

    class Leaflet(Model):
        objects = Listed()

    message = r"Listed.get_queryset\(\) must return a QuerySet of Leaflet, not list"
    with pytest.raises(TypeError, match=message):
        Leaflet.objects  # noqa: B018


def test_a_made_class_of_managers_has_the_name_that_it_is_given():
    assert Manager.from_queryset(BookQuerySet).__name__ == "ManagerFromBookQuerySet"
    assert Manager.from_queryset(BookQuerySet, "Books").__name__ == "Books"


# -- a manager that was handed out keeps no rows ---------------------------------------------------


@pytest.mark.parametrize("read", [list, tuple, titles])
def test_a_manager_asks_again_each_time_it_is_iterated(books, read):
    handed_out = Book.objects
    with assert_requests(1):
        before = len(read(handed_out))
    handed_out.create(title="New")

    with assert_requests(1):
        assert len(read(handed_out)) == before + 1
    with assert_requests(1):
        assert len(read(handed_out.all())) == before + 1


@pytest.mark.parametrize("ask", [len, bool, lambda rows: rows.count(), lambda rows: rows.exists()])
def test_what_is_asked_of_a_manager_is_asked_of_kintone(books, ask):
    handed_out = Book.objects
    list(handed_out)
    Book.objects.all().delete()

    with assert_requests(1):
        assert not ask(handed_out)


def test_the_length_that_a_loop_asks_for_is_of_now(books):
    handed_out = Book.objects
    lengths = []
    for book in handed_out:
        book.delete()
        lengths.append(len(handed_out))
    assert lengths == [2, 1, 0]


def test_an_iterator_that_waits_is_no_reason_for_old_rows(books):
    handed_out = Book.objects
    waiting = iter(handed_out)
    assert len(handed_out) == 3
    Book.objects.create(title="New")
    assert len(handed_out) == 4
    assert titles(waiting) == ["A", "B", "C"]


def test_a_pickled_manager_is_a_queryset_with_its_rows(books):
    loaded = pickle.loads(pickle.dumps(Book.objects))
    Book.objects.create(title="New")
    with assert_requests(0):
        assert titles(loaded) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda rows: rows[1].title, "B"),
        (lambda rows: titles(rows[1:]), ["B", "C"]),
        (lambda rows: titles(rows[:3:2]), ["A", "C"]),
        (lambda rows: Book.below_five[0] in rows, True),
        (lambda rows: titles(rows & rows.filter(price=4)), ["C"]),
        (lambda rows: titles(rows.filter(price=4) & rows), ["C"]),
        (lambda rows: titles(Book.published_ones | rows.filter(price=4)), ["A", "B", "C"]),
        (lambda rows: rows.first().title, "A"),
        (lambda rows: rows.last().title, "C"),
        (bool, True),
        (len, 3),
    ],
)
def test_a_manager_answers_as_a_queryset(books, ask, answer):
    assert ask(Book.objects) == answer


@pytest.mark.parametrize("pick", [lambda rows: rows[0], lambda rows: list(rows[:1])])
def test_an_index_and_a_slice_of_a_manager_are_read_each_time(books, pick):
    handed_out = Book.objects
    list(handed_out)

    with assert_requests(2):
        pick(handed_out)
        pick(handed_out)


def test_what_a_manager_leads_to_keeps_its_rows(books):
    queryset = Book.objects.filter(price__lt=5)
    list(queryset)

    with assert_requests(0):
        assert titles(queryset) == titles(queryset[:2]) == ["A", "C"]
        assert queryset.count() == len(queryset) == 2


# -- classes of one's own ------------------------------------------------------------------------


class Labelled(QuerySet["Book"]):
    """A class with an attribute of the class, and one of each queryset, as in Django."""

    shelf = "fiction"
    reader = "nobody"

    def read_by(self, reader):
        clone = self._clone()
        clone.reader = reader
        return clone

    def _clone(self):
        clone = super()._clone()
        clone.reader = self.reader
        return clone


CHAINS = {
    "all": lambda books: books.all(),
    "none": lambda books: books.none(),
    "filter": lambda books: books.filter(price=3),
    "exclude": lambda books: books.exclude(price=3),
    "raw": lambda books: books.raw('price > "1"'),
    "complex_filter": lambda books: books.complex_filter({"price": 3}),
    "order_by": lambda books: books.order_by("title"),
    "reverse": lambda books: books.reverse(),
    "using": lambda books: books.using(None),
    "only": lambda books: books.only("title"),
    "defer": lambda books: books.defer("title"),
    "select_related": lambda books: books.select_related(None),
    "prefetch_related": lambda books: books.prefetch_related(None),
    "fetch_mode": lambda books: books.fetch_mode(FETCH_ONE),
    "values": lambda books: books.values("title"),
    "values_list": lambda books: books.values_list("title", flat=True),
    "a slice": lambda books: books[1:],
    "&": lambda books: books & books.filter(price=3),
    "|": lambda books: books | books.filter(price=3),
    "a copy": copy.copy,
    "a deep copy": copy.deepcopy,
}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_a_class_of_ones_own_stays_with_its_attributes(kintone, chain):
    chained = chain(Labelled(Book).read_by("Ann"))

    assert type(chained) is Labelled
    assert (chained.shelf, chained.reader) == ("fiction", "Ann")


@pytest.mark.parametrize("manager", ["as_manager", "from_queryset"])
def test_a_manager_of_a_class_of_ones_own_hands_it_out(books, manager):
    made = {
        "as_manager": Labelled.as_manager,
        "from_queryset": lambda: Manager.from_queryset(Labelled)(),
    }[manager]()

    class Volume(Model):
        objects = made
        title = fields.SingleLineTextField()

        class Meta:
            app = "book"

    assert type(Volume.objects) is Labelled
    assert titles(Volume.objects.read_by("Ann")) == ["A", "B", "C"]
    assert Volume.objects.read_by("Ann").order_by("title").reader == "Ann"
