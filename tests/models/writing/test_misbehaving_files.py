"""An error while a file is read for an upload names the file and the field."""

from __future__ import annotations

import io

import pytest
from support.models.paperwork import Line, Order, names, text

from kintone_orm.exceptions import BulkWriteError, FieldError, ValidationError
from kintone_orm.fields import File
from kintone_orm.testing import assert_requests

LARGE = b"x" * 700_000  # three blocks


class Misbehaving(io.BytesIO):
    """A file that can be checked without an error, and fails while it is sent."""

    def __init__(self, trouble):
        super().__init__(LARGE)
        self.trouble = trouble

    def read(self, size=-1):
        if self.tell() > 300_000:
            return self.trouble(self)
        return super().read(size)


def disk_fails(_file):
    raise OSError(5, "Input/output error")


def network_share_is_gone(_file):
    raise ConnectionResetError("gone")


def is_shorter(_file):
    return b""


def is_closed(file):
    file.close()
    return io.BytesIO.read(file)


def gives_text(_file):
    return "text"


def gives_too_much(_file):
    return b"x" * 700_000


TROUBLES = [
    (gives_too_much, "or returned too many"),
    (disk_fails, "Input/output error"),
    (network_share_is_gone, "gone"),
    (is_shorter, "became shorter"),
    (is_closed, "closed"),
    (gives_text, "not bytes"),
]


def scan(trouble):
    return File(Misbehaving(trouble), name="scan.pdf")


@pytest.mark.parametrize(("trouble", "reason"), TROUBLES)
def test_a_save_names_the_file_and_the_field(kintone, trouble, reason):
    Order.objects.create(number="0")
    said = rf"papers: 'scan\.pdf' could not be read during the upload: .*{reason}"
    with pytest.raises(ValidationError, match=said) as caught:
        Order(number="1", papers=[scan(trouble)]).save()

    assert list(caught.value.errors) == ["papers"]
    assert Order.objects.count() == 1


@pytest.mark.parametrize(("trouble", "reason"), TROUBLES)
def test_a_bulk_names_the_object_too_and_has_written_nothing(kintone, trouble, reason):
    Order.objects.create(number="0")
    orders = [Order(number="1", papers=[text("a")]), Order(number="2", papers=[scan(trouble)])]
    said = rf"\[1\]\.papers: 'scan\.pdf' could not be read during the upload: .*{reason}"
    with pytest.raises(ValidationError, match=said) as caught:
        Order.objects.bulk_create(orders)

    error = caught.value
    assert isinstance(error, BulkWriteError)
    assert (error.failed, error.unknown, list(error.errors)) == (orders, [], [(1, "papers")])
    assert Order.objects.count() == 1


def test_a_file_in_a_row_is_named(kintone):
    with pytest.raises(ValidationError, match=r"lines\[1\]\.bills: 'scan\.pdf' could not be read"):
        Order.objects.create(number="1", lines=[Line(), Line(bills=[scan(disk_fails)])])


def test_what_was_uploaded_before_is_not_sent_again(kintone):
    order = Order(number="1", papers=[text("a"), scan(disk_fails)])
    with pytest.raises(ValidationError):
        order.save()
    order.papers[1] = text("b")
    with assert_requests(2):
        order.save()

    assert names(Order.objects.get().papers) == ["a", "b"]


def test_a_path_that_goes_between_the_look_and_the_upload_is_named(kintone, tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"x")
    file = File(path)
    order = Order(number="1", papers=[file])

    def problem(_self):
        path.unlink(missing_ok=True)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(File, "problem", problem)
        with pytest.raises(ValidationError, match=r"papers: 'scan\.pdf' could not be read"):
            order.save()


class Broken(io.BytesIO):
    """A file that cannot be read from its start."""

    def read(self, size=-1):
        raise OSError(5, "Input/output error")


def closed():
    file = io.BytesIO(b"x")
    file.close()
    return file


@pytest.mark.parametrize(
    ("file", "reason"), [(Broken(), "Input/output error"), (closed(), "closed file")]
)
def test_a_file_that_cannot_be_read_at_all_is_named_at_once(file, reason):
    with pytest.raises(ValueError, match=rf"^a\.pdf cannot be read: .*{reason}\.$"):
        File(file, name="a.pdf")


def test_so_it_is_where_it_is_put_into_a_field():
    broken = Broken()
    broken.name = "a.pdf"
    with pytest.raises(FieldError, match=r"^Order\.papers: a\.pdf cannot be read"):
        Order(papers=[broken])
