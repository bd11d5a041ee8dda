"""Files on their way into records and out of them, against the emulator."""

from __future__ import annotations

import copy
import io
import pickle
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from workflows import signed_in

from kintone_orm import Model, Row, connections, fields
from kintone_orm.exceptions import (
    AttachmentNotFound,
    BulkWriteError,
    FieldError,
    NotSupportedError,
    PermissionDenied,
    TransportError,
    ValidationError,
)
from kintone_orm.fields import Attachment, ContentFile, File
from kintone_orm.models.rows import decode
from kintone_orm.testing import assert_requests, capture_requests, emulate, freeze


class Line(Row):
    item = fields.SingleLineTextField()
    bills = fields.FileField()


class Order(Model):
    number = fields.SingleLineTextField(unique=True)
    papers = fields.FileField()
    photos = fields.FileField()
    lines = fields.SubtableField(Line)


class Case(Model):
    proofs = fields.FileField(required=True)


def text(name, content=None):
    return ContentFile((content or name).encode(), name)


def names(files):
    return [each.name for each in files]


def uploads(requests):
    return sum(1 for each in requests if (each.method, each.path[-9:]) == ("POST", "file.json"))


@pytest.fixture
def order(kintone):
    return Order.objects.create(number="A-1", papers=[text("a"), text("b"), text("c")])


# -- putting in ---------------------------------------------------------------------------------


def test_each_new_file_is_an_upload_before_the_one_save(kintone):
    with assert_requests(3) as sent:
        Order(papers=[text("a"), text("b")]).save()
    assert [each.path for each in sent] == ["/k/v1/file.json"] * 2 + ["/k/v1/record.json"]


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
        assert [type(each) for each in order.papers] == [Attachment] * 3
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
    assert [names(each.papers) for each in Order.objects.all()] == [["logo", "logo"], ["logo"]]


def test_a_waiting_file_of_another_record_is_sent_for_each(kintone):
    first, second = Order(papers=[text("a")]), Order()
    second.papers.append(first.papers[0])
    Order.objects.bulk_create([first, second])
    assert [each.papers[0].read() for each in Order.objects.all()] == [b"a", b"a"]


def test_a_waiting_file_that_stands_twice_is_sent_twice(kintone):
    order = Order(papers=[text("a")])
    order.papers.append(order.papers[0])
    order.save()
    assert [each.read() for each in order.papers] == [b"a", b"a"]


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
        (["a.pdf"], "Order.papers: a str could be a path or a content"),
        ([b"x"], "Order.papers: bytes have no name"),
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
        ("a.pdf", "a str could be a path or a content"),
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
    """A file that is there when it is looked at, and gone once a request has been sent."""
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


def test_update_takes_no_files(order):
    with assert_requests(1), pytest.raises(NotSupportedError, match=r"Order.papers: .*bulk_update"):
        Order.objects.filter(number="A-1").update(papers=[text("d")])


def test_update_empties_a_field(order):
    Order.objects.filter(number="A-1").update(papers=[])
    assert Order.objects.get().papers == []


# -- what a refused save leaves -----------------------------------------------------------------


def test_a_refused_save_does_not_send_its_files_again(kintone, order):
    another = Order(number="A-1", papers=[text("d"), text("e")])
    with pytest.raises(ValidationError):
        another.save()
    another.number = "A-2"
    with assert_requests(1):
        another.save()
    assert names(another.papers) == ["d", "e"]


def test_a_conflict_does_not_send_files_again(order):
    order.papers.append(text("d"))
    Order.objects.get().save(update_fields=["number"])
    with pytest.raises(Order.Conflict):
        order.save()
    with assert_requests(1):
        order.save(check_revision=False)
    assert names(order.papers) == ["a", "b", "c", "d"]


def test_a_bulk_that_is_refused_does_not_send_its_files_again(kintone, order):
    orders = [Order(number="A-2", papers=[text("d")]), Order(number="A-1", papers=[text("e")])]
    with pytest.raises(BulkWriteError) as refused:
        Order.objects.bulk_create(orders)
    orders[1].number = "A-3"
    with assert_requests(1):
        Order.objects.bulk_create(refused.value.failed)


def test_a_copy_that_could_not_be_saved_is_not_copied_again(kintone, order):
    another = Order(number="A-1", papers=order.papers[:1])
    with pytest.raises(ValidationError):
        another.save()
    another.number = "A-2"
    with assert_requests(1):
        another.save()


def test_what_is_appended_after_a_refusal_is_sent_alone(kintone, order):
    another = Order(number="A-1", papers=[text("d")])
    with pytest.raises(ValidationError):
        another.save()
    another.number = "A-2"
    another.papers.append(text("e"))
    with assert_requests(2):
        another.save()


def test_an_upload_that_kintone_has_forgotten_is_sent_again_by_the_next_save(kintone, order):
    now = datetime.now(timezone.utc)
    with freeze(now, using=kintone) as clock:
        another = Order(number="A-1", papers=[text("d")])
        with pytest.raises(ValidationError):
            another.save()
        clock.tick(timedelta(days=4))
        another.number = "A-2"
        sentence = r"Order \(new\): .* Order.papers: the upload of 'd' .* next save sends it again"
        with pytest.raises(AttachmentNotFound, match=sentence):
            another.save()
        with assert_requests(2):
            another.save()


def test_in_a_bulk_as_well(kintone, order):
    now = datetime.now(timezone.utc)
    with freeze(now, using=kintone) as clock:
        orders = [Order(number="A-1", papers=[text("d")])]
        with pytest.raises(BulkWriteError):
            Order.objects.bulk_create(orders)
        clock.tick(timedelta(days=4))
        orders[0].number = "A-2"
        with pytest.raises(BulkWriteError, match="Order.papers: the upload of 'd'"):
            Order.objects.bulk_create(orders)
        with assert_requests(2):
            Order.objects.bulk_create(orders)


def test_an_attachment_that_somebody_removed_is_named(order):
    papers = order.papers
    Order.objects.update(papers=[])
    papers.pop()
    with pytest.raises(AttachmentNotFound, match="Order id=1: .* 'a' is attached there no more"):
        order.save(check_revision=False)


def test_a_saved_file_that_is_put_in_again_is_sent_again(kintone):
    order = Order(papers=[text("a")])
    (waiting,) = order.papers
    order.save()
    order.papers.append(waiting)
    with assert_requests(2):
        order.save()
    assert names(order.papers) == ["a", "a"]


# -- rows, many records, copies -----------------------------------------------------------------


def test_files_in_rows(kintone):
    order = Order(lines=[Line(item="x", bills=[text("a")]), Line(item="y")])
    with assert_requests(2):
        order.save()
    order.lines[1].bills.append(text("b"))
    order.lines.reverse()
    with assert_requests(2):
        order.save()
    assert [[f.read() for f in line.bills] for line in order.lines] == [[b"b"], [b"a"]]


def test_rows_without_a_new_file_need_no_upload(kintone):
    order = Order.objects.create(lines=[Line(item="x", bills=[text("a")])])
    order.lines[0].item = "y"
    with assert_requests(1):
        order.save()
    with assert_requests(0):
        assert (order.lines[0].item, names(order.lines[0].bills)) == ("y", ["a"])


def test_a_file_that_moves_into_another_row_is_copied(kintone):
    order = Order.objects.create(lines=[Line(bills=[text("a")]), Line()])
    order.lines[1].bills.append(order.lines[0].bills.pop())
    with assert_requests(3):
        order.save()
    assert [names(line.bills) for line in order.lines] == [[], ["a"]]


def test_many_records_are_changed_with_an_upload_each(kintone, order):
    Order.objects.create(papers=[text("z")])
    orders = list(Order.objects.all())
    for each in orders:
        each.papers.append(text("d"))
    with assert_requests(3) as sent:
        Order.objects.bulk_update(orders, ["papers"])
    assert uploads(sent) == 2
    found = [names(each.papers) for each in Order.objects.all()]
    assert found == [["a", "b", "c", "d"], ["z", "d"]]


def test_an_upsert_takes_files(kintone, order):
    orders = [Order(number=number, papers=[text("d")]) for number in ("A-1", "A-2")]
    Order.objects.bulk_create(orders, update_conflicts=True, unique_fields=["number"])
    assert [names(each.papers) for each in Order.objects.all()] == [["d"], ["d"]]


def test_an_attachment_of_another_record_is_copied(order):
    another = Order(papers=[order.papers[1]])
    with assert_requests(3) as sent:
        another.save()
    assert [(each.method, each.path) for each in sent] == [
        ("GET", "/k/v1/file.json"),
        ("POST", "/k/v1/file.json"),
        ("POST", "/k/v1/record.json"),
    ]
    (paper,) = another.papers
    assert (paper.name, paper.content_type, paper.read()) == ("b", "application/octet-stream", b"b")
    assert order.papers[1].read() == b"b"


def test_an_attachment_can_be_copied_within_its_record(order):
    order.photos = [order.papers[0]]
    order.papers.append(order.papers[0])
    order.save()
    assert (names(order.papers), names(order.photos)) == (["a", "b", "c", "a"], ["a"])


def test_a_copy_may_get_another_name(order):
    another = Order.objects.create(papers=[File(order.papers[0], name="copy.txt")])
    assert (another.papers[0].name, another.papers[0].read()) == ("copy.txt", b"a")


def test_an_attachment_is_copied_to_another_kintone(order):
    papers = order.papers
    with emulate(Order) as there:
        assert Order.objects.create(papers=papers[:1]).papers[0].read() == b"a"
        with capture_requests(there) as sent:
            Order.objects.create(papers=papers[1:2])
    assert uploads(sent) == 1


def test_a_duplicate_has_copies(kintone):
    order = Order.objects.create(papers=[text("a")], lines=[Line(bills=[text("b")])])
    another = order.duplicate()
    with assert_requests(5):
        another.save()
    assert (another.papers[0].read(), another.lines[0].bills[0].read()) == (b"a", b"b")
    order.delete()
    assert another.papers[0].read() == b"a"


def test_a_duplicate_of_a_new_record_sends_its_files_itself(kintone):
    order = Order(papers=[text("a")])
    another = order.duplicate()
    order.save()
    another.save()
    assert (order.papers[0].read(), another.papers[0].read()) == (b"a", b"a")


# -- taking out ---------------------------------------------------------------------------------


def test_reading_is_one_request(order):
    paper = order.papers[0]
    with assert_requests(1):
        assert paper.read() == b"a"


def test_it_is_opened_as_a_file(order):
    with order.papers[0].open() as file:
        assert (file.readable(), file.seekable(), file.read(5), file.read()) == (
            True,
            False,
            b"a",
            b"",
        )


def test_progress_is_told_while_a_file_comes(kintone):
    order = Order.objects.create(papers=[ContentFile(b"x" * 300_000, "a")])
    told = []
    order.papers[0].read(progress=lambda *args: told.append(args))
    assert told[-1] == (300_000, 300_000)
    assert len(told) > 1


def test_it_is_saved_under_its_name(order, tmp_path):
    path = order.papers[0].save_to(tmp_path)
    assert (path, path.read_bytes()) == (tmp_path / "a", b"a")


def test_it_is_saved_beside_what_is_there(order, tmp_path):
    (tmp_path / "a").write_bytes(b"mine")
    path = order.papers[0].save_to(str(tmp_path))
    assert (path.name, (tmp_path / "a").read_bytes()) == ("a (1)", b"mine")


def test_a_name_from_elsewhere_never_leads_out_of_the_folder(kintone, tmp_path):
    order = Order.objects.create(papers=[ContentFile(b"", "../../evil.sh")])
    inside = tmp_path / "inside"
    inside.mkdir()
    assert order.papers[0].save_to(inside) == inside / "evil.sh"


def test_it_is_saved_under_another_name(order, tmp_path):
    assert order.papers[0].save_to(tmp_path, name="b.txt") == tmp_path / "b.txt"


@pytest.mark.parametrize("name", ["../b.txt", "/b.txt", "con", ".b", ""])
def test_a_name_of_ones_own_must_be_safe(order, tmp_path, name):
    paper = order.papers[0]
    with assert_requests(0), pytest.raises(ValueError, match="is no safe name"):
        paper.save_to(tmp_path, name=name)


def test_a_folder_that_is_not_there_is_refused_before_a_request(order, tmp_path):
    paper = order.papers[0]
    with assert_requests(0), pytest.raises(FileNotFoundError):
        paper.save_to(tmp_path / "nowhere")


def test_what_breaks_off_leaves_no_file(order, tmp_path):
    def stop(_done, _size):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        order.papers[0].save_to(tmp_path, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_an_attachment_in_a_row_knows_where_it_is(kintone):
    Order.objects.create(lines=[Line(bills=[text("a")])])
    assert Order.objects.get().lines[0].bills[0].read() == b"a"


def test_an_attachment_that_was_read_slowly_knows_where_it_is(order):
    code = {"number": "number"}
    record = {"papers": [{"fileKey": "k", "name": "a", "contentType": "t", "size": "1"}]}
    raw = {"$id": {"value": "1"}, "$revision": {"value": "1"}}
    raw |= {name: {"value": value} for name, value in (record | code).items()}
    here = connections.resolve()
    (found,) = decode(Order, [raw], here)
    with pytest.raises(AttachmentNotFound):
        found.papers[0].read()


class Papers(fields.FileField):
    """A file field that reads in its own way."""

    def to_python(self, raw, zone=None):
        return super().to_python(raw[:1], zone)


class Lines(fields.SubtableField[Line]):
    """A subtable that does."""

    def to_python(self, raw, zone=None):
        return super().to_python(raw, zone)


class Folder(Model):
    papers = Papers()
    lines = Lines(Line)


def test_an_attachment_that_a_field_of_ones_own_has_read_knows_where_it_is(kintone):
    Folder.objects.create(papers=[text("a"), text("b")], lines=[Line(bills=[text("c")])])
    found = Folder.objects.get()
    assert [each.read() for each in found.papers + found.lines[0].bills] == [b"a", b"c"]
    found.lines.clear()
    assert set(found.changed_fields()) == {"lines"}


def test_an_attachment_stays_with_the_connection_that_it_was_read_from(kintone, order):
    paper = order.papers[0]
    with emulate(Order):
        assert paper.read() == b"a"


def test_an_attachment_made_by_hand_cannot_be_read():
    with pytest.raises(ValueError, match="was not read from a record"):
        Attachment("key", "a").read()


def test_an_attachment_that_is_gone_says_so(order):
    paper = order.papers[0]
    order.papers.clear()
    order.save()
    with pytest.raises(AttachmentNotFound, match="Order: 'a' cannot be fetched: .* record again"):
        paper.read()


def test_an_attachment_whose_field_may_not_be_seen_says_so(kintone, order):
    kato = signed_in(kintone, "kato")
    (paper, *_) = Order.objects.using(kato).get().papers
    everyone = {"entity": {"type": "GROUP", "code": "everyone"}, "accessibility": "NONE"}
    rights = [{"code": "papers", "entities": [everyone]}]
    kintone.request("PUT", "field/acl", {"app": kintone.apps["order"], "rights": rights})
    with pytest.raises(PermissionDenied, match="Order: 'a' cannot be fetched: .* view the record"):
        paper.read()


def test_what_breaks_off_on_its_way_is_an_error(order):
    paper = order.papers[0]

    def cut(send, request):
        response = send(request)
        response.headers["Content-Length"] = "2"
        return response

    with paper.storage._home.wrap(cut), pytest.raises(TransportError, match="broke off"):
        paper.read()


# -- nothing leaks ------------------------------------------------------------------------------


def test_a_pickled_attachment_finds_its_connection_again(order):
    paper = pickle.loads(pickle.dumps(order.papers[0]))
    assert paper.read() == b"a"


def test_a_pickled_attachment_holds_no_secret(kintone, order):
    dumped = pickle.dumps(order)
    assert kintone.emulator.credentials[1].encode() not in dumped


def test_a_repr_shows_no_key_and_no_content(order):
    assert repr(order.papers[0]) == (
        "Attachment(name='a', content_type='application/octet-stream', size=1)"
    )


def test_a_record_with_waiting_bytes_is_not_pickled(kintone):
    with pytest.raises(TypeError, match="save the record first"):
        pickle.dumps(Order(papers=[text("a")]))


def test_a_copy_of_a_record_with_waiting_files_sends_its_own(order):
    order.papers.append(text("d"))
    other = copy.copy(order)
    order.save()
    other.save(check_revision=False)
    assert names(order.papers)[-1] == "d"
