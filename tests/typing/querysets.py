"""Types of querysets and managers: their rows, and chains of methods."""

from __future__ import annotations

from typing import Any

from typing_extensions import Self, assert_type

from kintone_orm import Model, fields
from kintone_orm.models import Manager, NamedRow, QuerySet


class BookQuerySet(QuerySet["Book"]):
    def cheap(self) -> Self:
        return self.filter(price__lt=10)


class Published(Manager):
    def get_queryset(self) -> QuerySet[Book]:
        return super().get_queryset().filter(published="yes")


class Book(Model):
    objects = BookQuerySet.as_manager()
    published_ones = Published()
    from_class = Manager.from_queryset(BookQuerySet)()

    title = fields.SingleLineTextField(required=True)
    published = fields.CheckBoxField()
    price = fields.NumberField()


class Plain(Model):
    name = fields.SingleLineTextField()


def managers_hand_out_querysets() -> None:
    assert_type(Book.objects, BookQuerySet)
    assert_type(Book.objects.cheap().order_by("title").cheap(), BookQuerySet)
    assert_type(Book.objects.cheap()[:3].first(), Book | None)
    assert_type(Book.from_class.cheap(), BookQuerySet)
    assert_type(Book.published_ones, QuerySet[Book])
    assert_type(Plain.objects, QuerySet[Plain])
    assert_type(Plain.objects.all() | Plain.objects.none(), QuerySet[Plain])


def rows_have_a_type() -> None:
    values = Book.objects.values("title", "price")
    assert_type(values, QuerySet[Book, dict[str, Any]])
    assert_type(values.filter(title="x").first(), dict[str, Any] | None)
    assert_type(values.get()["title"], Any)
    assert_type(list(values.iterator()), list[dict[str, Any]])
    assert_type(Book.objects.values_list("title").get(), tuple[Any, ...])
    named = Book.objects.values_list("title", "price", named=True)
    assert_type(named, QuerySet[Book, NamedRow])
    assert_type(named.get().price, Any)
    row: tuple[Any, ...] = named[0]
    print(row)
    assert_type(Book.objects.values_list("title", flat=True), QuerySet[Book, Any])
    assert_type(Book.objects.only("title").get(), Book)
    assert_type(Book.objects.defer("title").in_bulk([1]), dict[Any, Book])


def records_that_are_written() -> None:
    assert_type(Book.objects.create(title="x"), Book)
    assert_type(Book.objects.get_or_create(title="x"), tuple[Book, bool])
    assert_type(Plain.objects.update_or_create(name="x", defaults={}), tuple[Plain, bool])
    assert_type(Book.objects.bulk_create([Book(title="x")]), list[Book])
    assert_type(Book.objects.bulk_update([Book(title="x")], ["title"]), int)
    assert_type(Plain.objects.delete(check_revision=True), tuple[int, dict[str, int]])


def what_is_wrong() -> None:
    Book.objects.costly()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    Book.objects.only(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Book.objects.bulk_create([Plain()])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    print(Book.objects.all() & Plain.objects.all())  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
