"""The receipts of an expense report are attached, kept, sorted, removed, copied and downloaded."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from support.workflows import signed_in

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import (
    AttachmentNotFound,
    FieldError,
    NotSupportedError,
    PermissionDenied,
    ValidationError,
)
from kintone_orm.files import ContentFile, File
from kintone_orm.testing import assert_requests, capture_requests


class Cost(Row):
    what = fields.SingleLineTextField()
    bills = fields.FileField()


class Claim(Model):
    number = fields.SingleLineTextField(unique=True)
    receipts = fields.FileField()
    costs = fields.SubtableField(Cost)


@pytest.fixture
def desk(tmp_path):
    """A folder with what Sato has scanned."""
    for name in ("taxi.pdf", "hotel.pdf", "train.pdf"):
        (tmp_path / name).write_bytes(f"{name} {'x' * 1000}".encode())
    return tmp_path


def names(files):
    return [file.name for file in files]


def paths(requests):
    return [request.path.rpartition("/")[2] for request in requests]


def test_receipts_of_a_report(office_kintone, desk):
    sato, kato = signed_in(office_kintone, "sato"), signed_in(office_kintone, "kato")
    for each in (sato, kato):  # the app's form is looked at once by each connection
        each.forms.update(office_kintone.forms)

    # Two scans and a note, one of them in a row: three uploads, one save.
    mine = Claim(
        number="C-1",
        receipts=[desk / "taxi.pdf", ContentFile("見積".encode(), name="覚書.txt")],
        costs=[Cost(what="Train", bills=[desk / "train.pdf"]), Cost(what="Dinner")],
    )
    with assert_requests(4, using=sato) as sent:
        mine.save(using=sato)
    assert paths(sent) == ["file.json"] * 3 + ["record.json"]
    with assert_requests(1, using=sato):
        assert names(mine.receipts) == ["taxi.pdf", "覚書.txt"]
        assert names(mine.costs[0].bills) == ["train.pdf"]

    # One more, and the note goes: what stays is not sent again.
    mine.receipts.pop()
    with (desk / "hotel.pdf").open("rb") as scan, assert_requests(2, using=sato):
        mine.receipts.insert(0, scan)
        mine.save()
    with assert_requests(1, using=sato):
        assert names(mine.receipts) == ["hotel.pdf", "taxi.pdf"]

    # Kato looks through them, and puts them in order: no upload, and no second look.
    theirs = Claim.objects.using(kato).get()
    with assert_requests(1, using=kato):
        assert theirs.receipts[0].read() == (desk / "hotel.pdf").read_bytes()
    theirs.receipts.reverse()
    with assert_requests(1, using=kato):
        theirs.save()
    with assert_requests(0, using=kato):
        assert names(theirs.receipts) == ["taxi.pdf", "hotel.pdf"]

    # Sato has not seen that: the upload survives the conflict.
    mine.receipts.append(desk / "train.pdf")
    with assert_requests(2, using=sato), pytest.raises(Claim.Conflict) as conflict:
        mine.save()
    assert names(conflict.value.latest().receipts) == ["taxi.pdf", "hotel.pdf"]
    with assert_requests(1, using=sato):
        mine.save(check_revision=False)
    assert names(mine.receipts) == ["hotel.pdf", "taxi.pdf", "train.pdf"]

    # Next month the same again: each file comes and goes once more.
    again = mine.duplicate(number="C-2")
    with assert_requests(9, using=sato):
        again.save()
    assert names(again.receipts) == names(mine.receipts)
    mine.delete()
    with assert_requests(1, using=sato):
        assert again.costs[0].bills[0].read() == (desk / "train.pdf").read_bytes()


def test_a_file_comes_in_blocks_and_tells_how_far_it_is(office_kintone, tmp_path):
    sent, came = [], []
    scan = ContentFile(b"x" * 1_000_000, "scan.tif", progress=lambda *told: sent.append(told))
    claim = Claim.objects.create(receipts=[scan])
    target = claim.receipts[0].save_to(tmp_path, progress=lambda *told: came.append(told))

    assert sent[-1] == came[-1] == (1_000_000, 1_000_000)
    assert min(len(sent), len(came)) > 1
    assert target.read_bytes() == b"x" * 1_000_000


def test_names_that_lead_elsewhere(office_kintone, tmp_path):
    given = ["../../evil.sh", "CON", "evil.sh", "..", "a\tb.txt", ".bashrc"]
    Claim.objects.create(receipts=[ContentFile(b"", name) for name in given])
    (folder := tmp_path / "inside").mkdir()
    saved = [each.save_to(folder) for each in Claim.objects.get().receipts]

    assert [each.parent for each in saved] == [folder] * 6
    assert names(saved) == ["evil.sh", "_CON", "evil (1).sh", "file", "a_b.txt", "bashrc"]
    assert list(tmp_path.iterdir()) == [folder]


def test_what_is_refused_before_anything_is_sent(office_kintone, desk):
    claim = Claim.objects.create(number="C-1")
    (desk / "film.mov").touch()
    with (desk / "film.mov").open("wb") as film:
        film.truncate(1024**3 + 1)
    with capture_requests(office_kintone) as sent:
        for wrong in ("taxi.pdf", b"%PDF", io.BytesIO(), io.StringIO("text")):
            with pytest.raises(FieldError, match=r"Claim\.receipts: "):
                claim.receipts = [wrong]
        for path, why in [
            (Path("nowhere.pdf"), "'nowhere.pdf': there is no file"),
            (desk, "is not a regular file"),
            (desk / "film.mov", "1,073,741,825 bytes; kintone takes files of up to 1 GB"),
        ]:
            claim.receipts = [desk / "taxi.pdf", path]
            with pytest.raises(ValidationError, match=f"Claim id=1: receipts: .*{why}"):
                claim.save()
    assert sent == []
    with pytest.raises(NotSupportedError, match="bulk_update"):
        Claim.objects.all().update(receipts=[desk / "taxi.pdf"])


def test_what_kintone_refuses(office_kintone, desk):
    kato = signed_in(office_kintone, "kato")
    claim = Claim.objects.create(number="C-1", receipts=[desk / "taxi.pdf"])
    (receipt,) = claim.receipts
    (theirs,) = Claim.objects.using(kato).get().receipts

    everyone = {"entity": {"type": "GROUP", "code": "everyone"}, "accessibility": "NONE"}
    app = office_kintone.apps["claim"]
    rights = [{"code": "receipts", "entities": [everyone]}]
    office_kintone.request("PUT", "field/acl", {"app": app, "rights": rights})
    with pytest.raises(PermissionDenied, match="Claim: 'taxi.pdf' cannot be downloaded"):
        theirs.read()
    office_kintone.request("PUT", "field/acl", {"app": app, "rights": []})

    Claim.objects.all().update(receipts=[])
    with pytest.raises(AttachmentNotFound, match="Claim: 'taxi.pdf' cannot be downloaded"):
        receipt.read()
    claim.receipts = [receipt, File(desk / "hotel.pdf")]
    with pytest.raises(AttachmentNotFound, match=r"Claim id=1: .*'taxi.pdf' is no longer attached"):
        claim.save(check_revision=False)
    claim.receipts.remove(receipt)
    claim.save(check_revision=False)
    assert names(claim.receipts) == ["hotel.pdf"]
