"""Uploading the files of records, against the emulator."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from support.models.paperwork import Line, Order, names, text, uploads

from kintone_orm import Model, fields
from kintone_orm.exceptions import (
    BulkWriteError,
    FieldError,
    NotSupportedError,
    TransportError,
    ValidationError,
)
from kintone_orm.fields import Attachment, ContentFile
from kintone_orm.testing import assert_requests, capture_requests


class Case(Model):
    proofs = fields.FileField(required=True)


@pytest.fixture
def order(kintone):
    return Order.objects.create(number="A-1", papers=[text("a"), text("b"), text("c")])


# -- putting in ---------------------------------------------------------------------------------


def test_each_new_file_is_an_upload_before_the_one_save(kintone):
    with assert_requests(3) as sent:
        Order(papers=[text("a"), text("b")]).save()
    assert [request.path for request in sent] == ["/k/v1/file.json"] * 2 + ["/k/v1/record.json"]


def test_transfers_name_the_app_for_its_token(kintone, order):
    with capture_requests(kintone) as sent:
        Order.objects.create(papers=[order.papers[0]])
    app = kintone.apps["order"]
    assert [request.app for request in sent if request.path.endswith("file.json")] == [app, app]


def test_a_path_can_be_appended(kintone, tmp_path, order):
    (tmp_path / "receipt.pdf").write_bytes(b"content")
    order.papers.append(tmp_path / "receipt.pdf")
    order.save()
    paper = Order.objects.get().papers[-1]
    assert (paper.name, paper.content_type, paper.size) == ("receipt.pdf", "application/pdf", 7)


def test_an_open_file_can_be_appended(kintone, tmp_path, order):
    (tmp_path / "receipt.pdf").write_bytes(b"content")
    with (tmp_path / "receipt.pdf").open("rb") as file:
        order.papers.append(file)
        order.save()
    assert order.papers[-1].read() == b"content"


def test_a_list_is_taken_as_a_list(kintone):
    given = [text("a")]
    order = Order(papers=given)
    given.clear()
    assert names(order.papers) == ["a"]


def test_what_was_uploaded_is_read_again_at_the_next_access(order):
    assert "papers" in order.get_deferred_fields()
    with assert_requests(1):
        assert [type(paper) for paper in order.papers] == [Attachment] * 3
    with assert_requests(0):
        assert names(order.papers) == ["a", "b", "c"]


def test_what_is_there_stays_when_more_comes(order):
    kept = order.papers[0].file_key
    order.papers.append(text("d"))
    with assert_requests(2):
        order.save()
    assert names(order.papers) == ["a", "b", "c", "d"]
    assert order.papers[0].file_key == kept


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda papers: papers.reverse(), ["c", "b", "a"]),
        (lambda papers: papers.pop(1), ["a", "c"]),
        (lambda papers: papers.clear(), []),
    ],
)
def test_files_are_removed_and_reordered_without_an_upload(order, change, left):
    change(order.papers)
    with assert_requests(1):
        order.save()
    with assert_requests(0):
        assert names(order.papers) == left
    assert names(Order.objects.get().papers) == left


def test_the_same_list_is_no_change(order):
    order.papers = list(order.papers)
    with assert_requests(0):
        order.save()


def test_none_empties_the_field(order):
    order.papers = None
    order.save()
    assert Order.objects.get().papers == []


def test_a_file_can_stand_in_many_places_and_is_sent_for_each(kintone):
    logo = text("logo")
    orders = [Order(papers=[logo, logo], photos=[logo]), Order()]
    orders[1].papers.append(logo)
    with assert_requests(5) as sent:
        Order.objects.bulk_create(orders)
    assert uploads(sent) == 4
    assert [names(order.papers) for order in Order.objects.all()] == [["logo", "logo"], ["logo"]]


def test_a_waiting_file_of_another_record_is_sent_for_each(kintone):
    first, second = Order(papers=[text("a")]), Order()
    second.papers.append(first.papers[0])
    Order.objects.bulk_create([first, second])
    assert [order.papers[0].read() for order in Order.objects.all()] == [b"a", b"a"]


def test_a_waiting_file_that_stands_twice_is_sent_twice(kintone):
    order = Order(papers=[text("a")])
    order.papers.append(order.papers[0])
    order.save()
    assert [paper.read() for paper in order.papers] == [b"a", b"a"]


@pytest.mark.parametrize("content", ["secret", b"secret"])
def test_a_content_that_is_refused_is_not_shown(kintone, content):
    for value in (content, [content]):
        with pytest.raises(FieldError) as refused:
            Order(papers=value)
        assert "secret" not in str(refused.value)


def test_progress_is_told_while_a_file_is_sent(kintone):
    told = []
    content = ContentFile(b"x" * 300_000, "a", progress=lambda *args: told.append(args))
    Order(papers=[content]).save()
    assert told == [(262_144, 300_000), (300_000, 300_000)]


# -- refused before anything is sent ------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (["a.pdf"], "Order.papers: A str could be a path or a content"),
        ([b"x"], "Order.papers: Bytes have no name"),
        ([io.BytesIO()], "Order.papers: BytesIO has no name"),
        ([io.StringIO()], "Order.papers: StringIO: the file is open for text"),
        ("a.pdf", r"Order.papers takes a list of files, as in \[Path\(...\)\], not one str"),
        (io.BytesIO(), "Order.papers takes a list of files, .* not one BytesIO"),
        (Path("a.pdf"), "Order.papers takes a list of files, .* not one PosixPath"),
    ],
)
def test_what_cannot_be_attached_is_refused_when_it_is_assigned(kintone, value, sentence):
    with pytest.raises(FieldError, match=sentence):
        Order(papers=value)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("a.pdf", "A str could be a path or a content"),
        (Path("nowhere.pdf"), "'nowhere.pdf': there is no file 'nowhere.pdf'"),
    ],
)
def test_what_cannot_be_attached_is_refused_before_a_request(order, entry, sentence):
    order.papers.append(entry)
    with (
        assert_requests(0),
        pytest.raises(ValidationError, match=rf"Order id=1: papers: {sentence}"),
    ):
        order.save()


def test_every_file_is_looked_at_before_the_first_is_sent(kintone):
    orders = [Order(papers=[text("a")]), Order(papers=[Path("nowhere.pdf")])]
    with assert_requests(0), pytest.raises(ValidationError) as refused:
        Order.objects.bulk_create(orders)
    assert list(refused.value.errors) == ["[1].papers"]


def test_a_file_in_a_row_is_named_by_its_place(kintone):
    order = Order(lines=[Line(), Line(bills=[Path("nowhere.pdf")])])
    with pytest.raises(ValidationError) as refused:
        order.save()
    assert list(refused.value.errors) == ["lines[1].bills"]


def test_a_required_field_needs_a_file(kintone):
    with pytest.raises(ValidationError, match="proofs: Required"):
        Case().save()
    Case(proofs=[text("a")]).save()


@pytest.fixture
def fleeting(kintone, tmp_path):
    """A file that exists when it is checked, and is deleted after the first request."""
    path = tmp_path / "a.pdf"
    path.write_bytes(b"")

    def take_away(send, request):
        path.unlink()
        return send(request)

    with kintone.wrap(take_away):
        yield path


def test_a_file_that_goes_in_between_is_named(fleeting):
    order = Order(papers=[text("b"), fleeting])
    with pytest.raises(ValidationError, match="papers: 'a.pdf': there is no file"):
        order.save()
    assert order.pk is None


def test_a_file_that_goes_in_between_stops_a_bulk_half_way(fleeting):
    orders = [Order(papers=[text("b")]), Order(papers=[fleeting])]
    with pytest.raises(BulkWriteError, match="there is no file") as stopped:
        Order.objects.bulk_create(orders)
    assert stopped.value.failed == orders


def test_a_bulk_that_stops_at_an_upload_has_written_nothing(kintone):
    def break_off(send, request):
        raise TransportError("The connection broke", method=request.method, path=request.path)

    orders = [Order(papers=[text("a")])]
    sentence = "the record is not written.*'a' was not uploaded: The connection broke"
    with kintone.wrap(break_off), pytest.raises(BulkWriteError, match=sentence):
        Order.objects.bulk_create(orders)


def test_update_takes_no_files(order):
    with assert_requests(0), pytest.raises(NotSupportedError, match=r"Order.papers: .*bulk_update"):
        Order.objects.filter(number="A-1").update(papers=[text("d")])


def test_update_empties_a_field(order):
    Order.objects.filter(number="A-1").update(papers=[])
    assert Order.objects.get().papers == []


# -- a list that a program holds, while others write --------------------------------------------


@pytest.fixture
def held(kintone):
    """An order that was just saved, and its lists from before the save."""
    order = Order(number="A-2", papers=[text("a")], lines=[Line(bills=[text("b")])])
    lists = [order.papers, order.lines[0].bills]
    order.save()
    return order, lists


@pytest.mark.parametrize("place", [0, 1])
def test_more_files_in_a_held_list_meet_the_conflict_with_another_field(held, place):
    order, lists = held
    Order.objects.update(number="theirs")
    lists[place].append(text("c"))
    with pytest.raises(Order.Conflict):
        order.save()
    order.save(check_revision=False)
    assert names(lists[place]) == names([order.papers, order.lines[0].bills][place])
    assert len(lists[place]) == 2
    assert Order.objects.get().number == "theirs"


@pytest.mark.parametrize("place", [0, 1])
def test_more_files_in_a_held_list_meet_the_conflict_with_other_files(held, place):
    order, lists = held
    theirs = Order.objects.get()
    theirs.papers, theirs.lines = [], []
    theirs.save()
    lists[place].append(text("c"))
    with assert_requests(1), pytest.raises(Order.Conflict) as conflict:
        order.save()
    assert conflict.value.both == {["papers", "lines"][place]}
    with assert_requests(0), pytest.raises(ValidationError, match="Read the record again"):
        order.save(check_revision=False)


def test_what_is_no_row_in_a_held_list_meets_the_conflict_as_well(kintone):
    order = Order(lines=[Line(bills=[text("b")])])
    lines = order.lines
    order.save()
    Order.objects.update(lines=[])
    lines.append({"item": "pen"})
    with pytest.raises(Order.Conflict):
        order.save()
    with pytest.raises(ValidationError, match="is not a Line"):
        order.save(check_revision=False)
