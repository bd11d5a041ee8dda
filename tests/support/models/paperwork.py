"""Orders with papers, for the tests of uploads and downloads."""

from __future__ import annotations

from kintone_orm import Model, Row, fields
from kintone_orm.fields import ContentFile


class Line(Row):
    item = fields.SingleLineTextField()
    bills = fields.FileField()


class Order(Model):
    number = fields.SingleLineTextField(unique=True)
    papers = fields.FileField()
    photos = fields.FileField()
    lines = fields.SubtableField(Line)


def text(name):
    """A new file whose content is its name."""
    return ContentFile(name.encode(), name)


def names(files):
    return [file.name for file in files]


def uploads(requests):
    """The number of requests that sent a file."""
    return sum(1 for sent in requests if (sent.method, sent.path[-9:]) == ("POST", "file.json"))
