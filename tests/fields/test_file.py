from __future__ import annotations

import dataclasses
from io import BytesIO

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.api.files import upload_file
from kintone_orm.exceptions import FieldError
from kintone_orm.fields import Attachment
from kintone_orm.testing import assert_requests


class Page(Row):
    title = fields.SingleLineTextField("page_title")
    scans = fields.FileField()


class Dossier(Model):
    title = fields.SingleLineTextField()
    papers = fields.FileField()
    pages = fields.SubtableField(Page)


def uploaded(kintone, name: str) -> Attachment:
    return Attachment(upload_file(kintone, name=name, file=BytesIO(b"hello"))["fileKey"])


def test_an_attachment_is_a_value_that_shows_neither_its_key_nor_its_content():
    paper = Attachment("k1", "a.pdf", "application/pdf", 5)
    assert paper == Attachment("k1", "a.pdf", "application/pdf", 5)
    assert repr(paper) == "Attachment(name='a.pdf', content_type='application/pdf', size=5)"
    with pytest.raises(dataclasses.FrozenInstanceError):
        paper.name = "b.pdf"  # type: ignore[misc]


def test_no_files_is_an_empty_list(kintone):
    Dossier(title="A").save()
    assert Dossier.objects.get().papers == []


def test_uploads_made_by_hand_are_saved_by_their_keys_and_read_back_with_new_ones(kintone):
    dossier = Dossier(papers=[uploaded(kintone, "a.txt"), uploaded(kintone, "b.txt")])
    dossier.save()
    with assert_requests(1):
        read = dossier.papers
    assert [(each.name, each.size) for each in read] == [("a.txt", 5), ("b.txt", 5)]


def test_what_stays_in_the_list_stays_attached(kintone):
    Dossier(papers=[uploaded(kintone, "a.txt"), uploaded(kintone, "b.txt")]).save()
    dossier = Dossier.objects.get()
    del dossier.papers[0]
    dossier.papers.append(uploaded(kintone, "c.txt"))
    dossier.save()
    assert [paper.name for paper in Dossier.objects.get().papers] == ["b.txt", "c.txt"]


def test_files_of_a_row_stay_when_another_row_changes(kintone):
    rows = [Page(title="1", scans=[uploaded(kintone, "a.txt")]), Page(title="2")]
    Dossier(pages=rows).save()
    dossier = Dossier.objects.get()
    dossier.pages[1].title = "II"
    dossier.save()
    first, second = Dossier.objects.get().pages
    assert ([each.name for each in first.scans], second.title) == (["a.txt"], "II")


@pytest.mark.parametrize("value", ["a.pdf", b"hello", 5])
def test_what_is_no_list_of_files_is_refused(value):
    with pytest.raises(FieldError, match=r"Dossier\.papers takes a list of files"):
        Dossier(papers=value)


@pytest.mark.parametrize("value", ["k1", b"hello", None])
def test_a_list_with_something_else_in_it_is_refused(value):
    with pytest.raises(FieldError, match=r"Dossier\.papers: "):
        Dossier(papers=[value])


def test_a_list_with_something_else_in_it_is_not_saved():
    (problem,) = Dossier.papers.all_problems(["a.pdf"])
    assert problem.startswith("A str could be a path or a content. Write Path(...)")


@pytest.mark.parametrize("word", ["", " ", None, 5])
def test_a_filter_needs_a_word(word):
    with pytest.raises(FieldError, match="needs a word to search for"):
        Dossier.papers.operand("contains", word, lambda: None)


def test_a_filter_finds_by_a_word_of_the_name(kintone):
    Dossier(title="A", papers=[uploaded(kintone, "offer.txt")]).save()
    Dossier(title="B").save()
    assert [dossier.title for dossier in Dossier.objects.filter(papers__contains="offer")] == ["A"]
    assert [dossier.title for dossier in Dossier.objects.filter(papers=None)] == ["B"]
