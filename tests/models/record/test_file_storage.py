"""Downloading the files of records, against the emulator."""

from __future__ import annotations

import copy
import pickle

import pytest
from support.models.paperwork import Line, Order, names, text
from support.workflows import signed_in

from kintone_orm import Model, connections, fields
from kintone_orm.exceptions import (
    AttachmentNotFound,
    PermissionDenied,
    TransportError,
)
from kintone_orm.fields import Attachment, ContentFile
from kintone_orm.http.messages import Response
from kintone_orm.models.record.decoding.page_decoder import decode
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def order(kintone):
    return Order.objects.create(number="A-1", papers=[text("a"), text("b"), text("c")])


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


def test_what_is_not_the_file_is_not_copied(kintone, order):
    def log_in(send, request):
        is_download = (request.method, request.path[-9:]) == ("GET", "file.json")
        return Response(200, {}, b"<html>log in</html>") if is_download else send(request)

    copied = Order(number="A-2", papers=order.papers)
    with kintone.wrap(log_in), pytest.raises(TransportError, match="19 of 1 bytes arrived"):
        copied.save()
    assert Order.objects.count() == 1


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
    with assert_requests(0), pytest.raises(ValueError, match="is not a safe file name"):
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
    """A file field with its own to_python()."""

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
    with pytest.raises(ValueError, match="Take it from an instance, not from values"):
        Attachment("key", "a").read()


def test_an_attachment_that_is_gone_says_so(order):
    paper = order.papers[0]
    order.papers.clear()
    order.save()
    with pytest.raises(AttachmentNotFound, match="'a' cannot be downloaded: .* record again"):
        paper.read()


def test_an_attachment_whose_field_may_not_be_seen_says_so(kintone, order):
    kato = signed_in(kintone, "kato")
    (paper, *_) = Order.objects.using(kato).get().papers
    everyone = {"entity": {"type": "GROUP", "code": "everyone"}, "accessibility": "NONE"}
    rights = [{"code": "papers", "entities": [everyone]}]
    kintone.request("PUT", "field/acl", {"app": kintone.apps["order"], "rights": rights})
    with pytest.raises(PermissionDenied, match="'a' cannot be downloaded: .* view the record"):
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
    with pytest.raises(TypeError, match="Save the record first"):
        pickle.dumps(Order(papers=[text("a")]))


def test_a_copy_of_a_record_with_waiting_files_sends_its_own(order):
    order.papers.append(text("d"))
    other = copy.copy(order)
    order.save()
    other.save(check_revision=False)
    assert names(order.papers)[-1] == "d"
