"""Answers that are JSON but not kintone's: each is a TransportError that says so, and ends."""

from __future__ import annotations

from itertools import product

import pytest
from support.faults.forged import deep, forged, longer, nothing, shorter, with_, without

from kintone_orm import Model, fields
from kintone_orm.exceptions import BulkWriteError, TransportError
from kintone_orm.http.messages import Response
from kintone_orm.models import prefetch_related_objects
from kintone_orm.testing import capture_requests, emulate

NOT_KINTONES = "not kintone's|not a JSON object"


class Item(Model):
    code = fields.SingleLineTextField(unique=True)
    n = fields.IntegerField()
    note = fields.SingleLineTextField()


class Key(Model):
    key = fields.SingleLineTextField()
    items = fields.ReferenceTableField(Item, key="key", related="code")


@pytest.fixture(scope="module")
def loaded():
    with emulate(Item, Key) as connection:
        Item.objects.bulk_create(Item(code=f"c{n}", n=n) for n in range(1203))
        return connection.snapshot()


@pytest.fixture
def many(loaded):
    with emulate(like=loaded) as connection:
        yield connection


READS = {
    "get": lambda: Item.objects.get(pk=5),
    "first": lambda: Item.objects.first(),
    "seek": lambda: list(Item.objects.all()),
    "offset": lambda: list(Item.objects.order_by("n")[:700]),
    "cursor": lambda: list(Item.objects.order_by("n")),
    "values": lambda: list(Item.objects.values("n")),
    "flat values": lambda: list(Item.objects.values_list("pk", flat=True)),
    "exists": lambda: Item.objects.exists(),
    "in_bulk": lambda: Item.objects.in_bulk([5, 6]),
    "refresh": lambda: Item.from_record(SENT).refresh_from_db(),
    "deferred": lambda: Item.from_record(SENT).code,
    "update": lambda: Item.objects.filter(n__lt=3).update(n=5),
    "delete": lambda: Item.objects.filter(n__lt=3).delete(),
}
SENT = {"$id": {"value": "5"}, "$revision": {"value": "1"}}
PAGES = {
    "nothing": nothing,
    "deep nesting": deep,
    "records are null": with_(None, "records"),
    "records are an object": with_({}, "records"),
    "a record is a number": with_([5], "records"),
    "a record is null": with_([None], "records"),
    "a record without an id": with_([{"n": {"value": "1"}}], "records"),
    "a page without ids": lambda answer: {"records": [{} for _ in answer["records"] or [1]]},
    **{
        f"the id {value!r:.20}": with_([{"$id": {"value": value}}], "records")
        for value in (None, "", "x", "-1", "0", "1.5", True, [], {}, "٣", "9" * 5000, " 5", "1_0")
    },
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("read", READS)
def test_what_is_no_page_of_records(many, read, page):
    with (
        forged(many, PAGES[page], method="GET") as answers,
        pytest.raises(TransportError, match=NOT_KINTONES),
    ):
        READS[read]()
    assert 1 <= len(answers) <= 3


@pytest.mark.parametrize(
    "forge",
    [nothing, deep, *(with_(total, "totalCount") for total in (None, "many", "-1", [], 1.5))],
)
def test_a_count_that_is_none(many, forge):
    with forged(many, forge), pytest.raises(TransportError, match=NOT_KINTONES):
        Item.objects.count()


OTHERS = with_([{"$id": {"value": "7"}, "$revision": {"value": "1"}}], "records")


@pytest.mark.parametrize("read", ["get", "in_bulk", "refresh", "deferred"])
def test_another_record_than_the_one_that_was_asked_for(many, read):
    with forged(many, OTHERS), pytest.raises(TransportError, match="the record 7, which was not"):
        READS[read]()


@pytest.mark.parametrize("read", ["get", "first", "seek", "offset", "cursor", "values", "exists"])
def test_more_rows_than_were_asked_for(many, read):
    def forge(answer):
        more = [{**answer["records"][-1], "$id": {"value": str(n)}} for n in range(5000, 5600)]
        return {**answer, "records": [*answer["records"], *more]}

    with (
        forged(many, forge, method="GET"),
        pytest.raises(TransportError, match="records instead of at most"),
    ):
        READS[read]()


@pytest.mark.parametrize("read", ["seek", "offset", "cursor"])
def test_a_record_that_a_page_has_twice(many, read):
    def forge(answer):
        return {**answer, "records": [*answer["records"][1:], answer["records"][-1]]}

    with forged(many, forge, method="GET"), pytest.raises(TransportError, match="twice"):
        READS[read]()


@pytest.mark.parametrize("value", [None, ["a"], {"a": 1}])
def test_a_text_that_is_compared_again_and_is_none(many, value):
    def forge(answer):
        record = {"$id": {"value": "1"}, "$revision": {"value": "1"}, "note": {"value": value}}
        return {**answer, "records": [record] if value is not None else [{**record, "note": {}}]}

    with (
        forged(many, forge, method="GET", endpoint="records"),
        pytest.raises(TransportError, match="no text in note"),
    ):
        list(Item.objects.filter(note="x" * 64))


def test_a_record_that_refers_to_another_one_than_was_asked(many):
    keys = [Key(key="c1")]
    for each in keys:
        each.save()

    def forge(answer):
        for record in answer["records"]:
            record["code"] = {"type": "SINGLE_LINE_TEXT", "value": "c7"}
        return answer

    with (
        forged(many, forge, method="GET"),
        pytest.raises(TransportError, match="has a key that was not asked for"),
    ):
        prefetch_related_objects(keys, "items")


@pytest.mark.parametrize("order", ["pk", "-pk"])
def test_a_page_of_seek_that_comes_again(many, order):
    pages = []

    def forge(answer):
        pages.append(answer)
        return pages[0]

    with forged(many, forge), pytest.raises(TransportError, match="do not follow those of the"):
        list(Item.objects.order_by(order).iterator(ahead=0))
    assert len(pages) == 2


def test_a_page_of_seek_that_is_in_disorder(many):
    def forge(answer):
        return {**answer, "records": answer["records"][::-1]}

    with forged(many, forge), pytest.raises(TransportError, match="do not follow"):
        list(Item.objects.all())


CURSOR = {"method": "GET", "endpoint": "records/cursor"}


@pytest.mark.parametrize(
    ("forge", "message"),
    [
        (with_("100", "totalCount"), "a cursor of 100 records gave 500"),
        (with_("many", "totalCount"), "totalCount is not a number"),
        (without("id"), "the answer has no id"),
        (nothing, "the answer has no id"),
        (deep, NOT_KINTONES),
    ],
)
def test_a_cursor_that_is_none(many, forge, message):
    with (
        forged(many, forge, method="POST", endpoint="records/cursor"),
        pytest.raises(TransportError, match=message),
    ):
        list(Item.objects.order_by("n"))


def test_a_cursor_that_gives_a_page_again(many):
    pages = []

    def forge(answer):
        pages.append(answer)
        return pages[0]

    with (
        forged(many, forge, **CURSOR),
        pytest.raises(TransportError, match="the same record twice"),
    ):
        list(Item.objects.order_by("n"))


@pytest.mark.parametrize("size", [1, 100])
def test_short_and_empty_pages_of_a_cursor_are_as_documented(many, size):
    def forge(answer):
        return {**answer, "records": []}

    with forged(many, forge, **CURSOR, times=size):
        found = list(Item.objects.order_by("n").iterator(10))
    assert len(found) == 1203 - 10 * size


def test_a_cursor_that_gives_nothing_for_ever(many):
    def forge(_answer):
        return {"records": [], "next": True}

    with (
        forged(many, forge, **CURSOR) as answers,
        capture_requests(many) as sent,
        pytest.raises(TransportError, match="100 empty pages in a row"),
    ):
        list(Item.objects.order_by("n").iterator(1, ahead=0))
    assert len(answers) == 101
    assert sent[-1].method == "DELETE"


@pytest.mark.parametrize(
    "forge", [nothing, deep, with_(None, "records"), without("next"), with_("yes", "next")]
)
def test_a_page_of_a_cursor_that_is_none_is_lost_and_another_cursor_reads_on(many, forge):
    with forged(many, forge, **CURSOR, times=1):
        assert [item.n for item in Item.objects.order_by("n")] == list(range(1203))
    with forged(many, forge, **CURSOR), pytest.raises(TransportError, match="was lost again"):
        list(Item.objects.order_by("n"))


# -- writes ---------------------------------------------------------------------------------------


def _changed():
    item = Item.objects.get(pk=5)
    item.n = 50
    return item


RECORD, RECORDS, BULK = "record", "records", "bulkRequest"
WRITES = {
    "create": (lambda: Item.objects.create(code="x"), "POST", RECORD),
    "save": (lambda: _changed().save(), "PUT", RECORD),
    "upsert": (lambda: Item.objects.update_or_create({"n": 3}, code="c5"), "PUT", RECORDS),
}
MANY = {
    "bulk_create": (lambda: Item.objects.bulk_create(_new(3)), "POST", RECORDS),
    "bulk_update": (lambda: Item.objects.bulk_update([_changed()]), "PUT", RECORDS),
    "update": (lambda: Item.objects.filter(n__lt=3).update(n=9), "PUT", RECORDS),
    "bulk_create of many": (lambda: Item.objects.bulk_create(_new(300)), "POST", BULK),
    "update of many": (lambda: Item.objects.filter(n__lt=300).update(n=9), "POST", BULK),
}


def _new(number):
    return [Item(code=f"new {n}") for n in range(number)]


@pytest.mark.parametrize("forge", [nothing, deep, with_("x", "revision"), without("revision")])
@pytest.mark.parametrize("write", ["create", "save"])
def test_an_answer_to_one_record_that_is_none(many, write, forge):
    act, method, endpoint = WRITES[write]
    with (
        forged(many, forge, method=method, endpoint=endpoint),
        pytest.raises(TransportError, match=f"Item .*({NOT_KINTONES})"),
    ):
        act()


@pytest.mark.parametrize(
    "forge",
    [
        nothing,
        deep,
        with_(None, "records"),
        shorter("records"),
        longer("records"),
        with_("NEITHER", "records", 0, "operation"),
        with_("", "records", 0, "id"),
    ],
)
def test_an_answer_to_an_upsert_that_is_none(many, forge):
    act, method, endpoint = WRITES["upsert"]
    with (
        forged(many, forge, method=method, endpoint=endpoint),
        pytest.raises(TransportError, match=NOT_KINTONES),
    ):
        act()


def _list_of(answer):
    """The name of the list in the answer to many records."""
    return next(name for name in ("results", "records", "ids") if name in answer)


MANY_FORGED = {
    "nothing": nothing,
    "deep nesting": deep,
    "null": lambda answer: with_(None, _list_of(answer))(answer),
    "an object": lambda answer: with_({}, _list_of(answer))(answer),
    "too short": lambda answer: shorter(_list_of(answer))(answer),
    "too long": lambda answer: longer(_list_of(answer))(answer),
    "a number": lambda answer: with_(5.5, _list_of(answer), 0)(answer),
}


@pytest.mark.parametrize(("write", "answer"), list(product(MANY, MANY_FORGED)))
def test_an_answer_to_many_records_that_is_none(many, write, answer):
    act, method, endpoint = MANY[write]
    with (
        forged(many, MANY_FORGED[answer], method=method, endpoint=endpoint),
        pytest.raises(BulkWriteError, match="may be written") as refused,
    ):
        act()
    assert isinstance(refused.value.__cause__, TransportError)
    assert not refused.value.done


# No document describes the answer to a deletion in a bulkRequest, so a number is no problem.
@pytest.mark.parametrize("answer", sorted(MANY_FORGED.keys() - {"a number"}))
def test_an_answer_to_a_deletion_that_is_none_lets_the_ids_decide(many, answer):
    records = Item.objects.filter(n__lt=300)
    number = records.count()
    with (
        forged(many, MANY_FORGED[answer], method="POST", endpoint=BULK),
        capture_requests(many) as sent,
    ):
        assert records.delete()[0] == number
    deleted = [request.path.endswith("/bulkRequest.json") for request in sent].index(True)
    assert [request.method for request in sent[deleted + 1 :]] == ["GET"]
    assert not records.exists()


def test_another_record_than_the_one_that_was_written(many):
    with (
        forged(many, with_("7", "records", 0, "id"), method="PUT", endpoint=RECORDS),
        pytest.raises(BulkWriteError, match=r"records\[0\].id is not 5"),
    ):
        Item.objects.bulk_update([_changed()])


def test_groups_that_were_written_before_are_done(many):
    items = _new(4100)
    with (
        forged(many, nothing, method="POST", endpoint=BULK, after=1),
        pytest.raises(BulkWriteError) as refused,
    ):
        Item.objects.bulk_create(items)
    assert refused.value.done == items[:2000]
    assert isinstance(refused.value.__cause__, TransportError)


# -- around records -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "forge",
    [
        nothing,
        deep,
        with_(None, "comments"),
        with_("yes", "older"),
        without("comments", 0, "creator"),
        with_("x", "comments", 0, "id"),
        with_("2026-13-01T00:00:00Z", "comments", 0, "createdAt"),
        with_([{"type": "CAT", "code": "x"}], "comments", 0, "mentions"),
    ],
)
def test_comments_that_are_none(many, forge):
    item = Item.objects.get(pk=5)
    item.comments.create("hello")
    with forged(many, forge), pytest.raises(TransportError, match=NOT_KINTONES):
        list(item.comments)


@pytest.mark.parametrize("way", [lambda comments: comments, lambda comments: comments.reverse()])
def test_comments_that_come_again_for_ever(many, way):
    item = Item.objects.get(pk=5)
    item.comments.create("hello")

    def forge(answer):
        return {**answer, "older": True, "newer": True}

    pages = []

    def again(answer):
        pages.append(forge(answer))
        return pages[0]

    with forged(many, again), pytest.raises(TransportError, match="in a row have no new comment"):
        list(way(item.comments))
    assert len(pages) < 110


@pytest.mark.parametrize("forge", [nothing, deep, with_("x", "id")])
def test_a_new_comment_without_an_id(many, forge):
    item = Item.objects.get(pk=5)
    with forged(many, forge), pytest.raises(TransportError, match=NOT_KINTONES):
        item.comments.create("hello")


@pytest.mark.parametrize(
    "forge", [nothing, deep, with_(None, "properties"), without("properties", "n", "type")]
)
def test_a_form_that_is_none(many, forge):
    many.forms.clear()
    with forged(many, forge), pytest.raises(TransportError, match=NOT_KINTONES):
        Item.objects.create(code="x")


@pytest.mark.parametrize("forge", [nothing, deep, with_("x", "createdAt"), with_(5, "creator")])
def test_an_app_that_is_none(many, forge):
    with forged(many, forge), pytest.raises(TransportError, match=NOT_KINTONES):
        Item.app_info()


@pytest.mark.parametrize(
    "forge",
    [
        nothing,
        deep,
        with_([], "rights"),
        with_("7", "rights", 0, "id"),
        with_("yes", "rights", 0, "record", "viewable"),
        with_({"n": {}}, "rights", 0, "fields"),
    ],
)
def test_permissions_that_are_none(many, forge):
    item = Item.objects.get(pk=5)
    with forged(many, forge), pytest.raises(TransportError, match=NOT_KINTONES):
        item.permissions()


def test_the_refusal_of_a_bulk_request_whose_results_are_null(many):
    def refused(_send, request):
        if request.path.endswith("bulkRequest.json"):
            return Response(400, {}, b'{"results": null}')
        return _send(request)

    with many.wrap(refused), pytest.raises(BulkWriteError, match="The answer is not kintone's"):
        Item.objects.filter(n__lt=300).update(n=9)


@pytest.mark.parametrize("revision", [None, "x", "", [], "9" * 5000])
@pytest.mark.parametrize("read", ["get", "seek", "offset", "refresh", "deferred"])
def test_a_record_with_an_odd_revision(many, read, revision):
    def forge(answer):
        for record in answer["records"]:
            record["$revision"] = {"value": revision}
        return answer

    with forged(many, forge, method="GET"), pytest.raises(TransportError, match=NOT_KINTONES):
        READS[read]()


def test_ids_that_grow_longer_are_in_order(many):
    ids = [str(n) for n in (8, 9, 10, 99, 100, 1000)]
    with forged(many, with_([{"$id": {"value": id_}} for id_ in ids], "records")):
        assert list(Item.objects.values_list("pk", flat=True)) == [int(id_) for id_ in ids]
        down = Item.objects.order_by("-pk")
        with pytest.raises(TransportError, match="do not follow"):
            list(down.values_list("pk", flat=True))
