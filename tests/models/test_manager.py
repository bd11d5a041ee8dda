from __future__ import annotations

from kintone_orm import Model, fields
from kintone_orm.models import Manager, QuerySet


class Book(Model):
    title = fields.SingleLineTextField()


class Shelf(Model):
    title = fields.SingleLineTextField()

    books = Manager()
    old = Manager()


def test_a_model_that_declares_no_manager_has_objects():
    assert type(Book.objects) is QuerySet
    assert Book.objects.model is Book


def test_managers_of_other_names_are_there_beside_objects():
    assert Shelf.books.model is Shelf.old.model is Shelf.objects.model is Shelf


def test_a_manager_of_ones_own_starts_with_other_records(kintone):
    class NewBooks(Manager):
        def get_queryset(self):
            return super().get_queryset().filter(title="new")

    class Library(Model):
        title = fields.SingleLineTextField()
        objects = Manager()
        new = NewBooks()

        class Meta:
            app = "book"

    Library.objects.bulk_create([Library(title="new"), Library(title="old")])
    assert [book.title for book in Library.new.all()] == ["new"]
    assert Library.objects.count() == 2
