"""A save sends the untouched rows of a subtable by id, the changed cells, and new rows whole."""

from __future__ import annotations

import json

import pytest
from support.workflows import another

from kintone_orm import Model, Row, fields
from kintone_orm.api.records import get_record, update_record
from kintone_orm.exceptions import (
    AttachmentNotFound,
    BulkWriteError,
    DecodeError,
    FieldDoesNotExist,
    LookupSourceNotFound,
    PermissionDenied,
    ServerBusy,
)
from kintone_orm.fields import ContentFile, row_sending
from kintone_orm.models.record.home import connection_of
from kintone_orm.schema import ModelSchema
from kintone_orm.testing import assert_requests, capture_requests, emulate


class Product(Model):
    code = fields.SingleLineTextField(unique=True)
    price = fields.NumberField()


class Line(Row):
    product = fields.LookupField(Product, key="code", copies={"price": "price"})
    price = fields.NumberField()
    qty = fields.NumberField()
    size = fields.DropDownField(choices=["S", "M"])
    papers = fields.FileField()
    amount = fields.CalcField(expression="price * qty")


class Order(Model):
    note = fields.SingleLineTextField()
    product = fields.LookupField(Product, "bought", key="code", copies={"price": "price"})
    price = fields.NumberField("bought_price")
    lines = fields.SubtableField(Line)


class Unchecked(Order):
    class Meta:
        proxy = True
        check_revision = False


@pytest.fixture(params=["id", "empty value", "whole"])
def way(request, monkeypatch):
    """Each of the ways to send rows."""
    monkeypatch.setattr(row_sending, "UNTOUCHED_ROWS", request.param)
    return request.param


@pytest.fixture
def kintone():
    with emulate(Order) as connection:
        Product.objects.bulk_create([Product(code="a", price=100), Product(code="b", price=200)])
        yield connection


@pytest.fixture
def order(kintone):
    """An order of two lines that copied the prices 100 and 200; the second price is 999 now."""
    lines = [{"product": code, "qty": 1, "size": "S"} for code in "ab"]
    Order.objects.create(note="n", product="b", lines=lines)
    product = Product.objects.get(code="b")
    product.price = 999
    product.save()
    return Order.objects.get()


def held(order):
    """The product, price and quantity of each stored row."""
    found = get_record(
        connection_of(order), app=order._meta.app_id(connection_of(order)), id=order.pk
    )
    rows = found["record"]["lines"]["value"]
    return [
        tuple(row["value"][code]["value"] for code in ("product", "price", "qty")) for row in rows
    ]


def ids(order):
    return [line.id for line in Order.objects.get(pk=order.pk).lines]


def sent_rows(requests):
    """The rows in the JSON of the last request."""
    return requests[-1].params["record"]["lines"]["value"]


def today(way):
    """The expected price of the second line after a save: whole rows are copied again."""
    return "999" if way == "whole" else "200"


def test_a_row_that_nobody_touched_keeps_what_it_copied(order, way):
    order.lines[0].qty = 5
    order.save()
    assert held(order) == [("a", "100", "5"), ("b", today(way), "1")]
    assert ids(order) == [1, 2]


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda lines: lines.reverse(), [2, 1]),
        (lambda lines: lines.append(Line(product="a", qty=7)), [1, 2, 3]),
        (lambda lines: lines.insert(0, Line(product="a", qty=7)), [3, 1, 2]),
        (lambda lines: lines.pop(0), [2]),
    ],
)
def test_rows_that_are_moved_added_and_removed_leave_others_as_they_are(order, way, change, wanted):
    change(order.lines)
    order.save()
    assert ids(order) == wanted
    assert ("b", today(way), "1") in held(order)


def test_rows_go_as_their_ids_and_the_cells_that_changed(kintone, order):
    order.lines[1].qty = 2
    order.lines.append(Line(qty=3))
    order.lines.reverse()
    with capture_requests(kintone) as requests:
        order.save()
    assert sent_rows(requests) == [
        {"value": {"qty": {"value": "3"}}},
        {"id": "2", "value": {"qty": {"value": "2"}}},
        {"id": "1"},
    ]


def test_an_empty_value_may_stand_in_the_place_of_none(kintone, order, monkeypatch):
    monkeypatch.setattr(row_sending, "UNTOUCHED_ROWS", "empty value")
    order.lines[1].qty = 2
    with capture_requests(kintone) as requests:
        order.save()
    assert sent_rows(requests)[0] == {"id": "1", "value": {}}


def test_a_key_of_a_row_that_is_assigned_again_is_not_sent(kintone, order):
    order.lines[1].product = "b"
    order.lines[1].qty = 2
    order.save()
    assert held(order)[1] == ("b", "200", "2")


def test_a_new_key_of_a_row_is_copied(order):
    order.lines[0].product = "b"
    order.save()
    assert held(order)[0] == ("b", "999", "1")


def test_a_key_that_is_what_was_read_is_not_sent_even_when_it_is_named(kintone, order):
    order.product, order.note = "b", "m"
    with capture_requests(kintone) as requests:
        order.save(update_fields=["product", "note"])
    assert requests[-1].params["record"] == {"note": {"value": "m"}}
    assert Order.objects.get().price == 200
    with assert_requests(0):
        order.save(update_fields=["product"])
        assert Order.objects.bulk_update([order], ["product"]) == 0


def test_a_named_table_that_nobody_touched_goes_as_its_ids(kintone, order):
    with capture_requests(kintone) as requests:
        order.save(update_fields=["lines"])
    assert sent_rows(requests) == [{"id": "1"}, {"id": "2"}]
    assert held(order)[1] == ("b", "200", "1")


def test_bulk_update_sends_the_changed_cells(kintone, order):
    order.lines[0].qty = 5
    with capture_requests(kintone) as requests:
        Order.objects.bulk_update([order], ["lines", "product"])
    (record,) = requests[-1].params["records"]
    assert record["record"]["lines"]["value"] == [
        {"id": "1", "value": {"qty": {"value": "5"}}},
        {"id": "2"},
    ]
    assert record["revision"] == 1
    assert held(order) == [("a", "100", "5"), ("b", "200", "1")]


def test_a_row_whose_master_is_gone_does_not_stop_a_save(order):
    Product.objects.get(code="b").delete()
    order.lines[0].qty = 5
    order.save()
    assert held(order)[0] == ("a", "100", "5")
    order.lines.append(Line(product="b"))
    with pytest.raises(LookupSourceNotFound):
        order.save()


def test_an_option_that_is_gone_does_not_stop_the_save_of_another_cell(order, monkeypatch):
    monkeypatch.setattr(Line._fields["size"], "choices", ("M",), raising=False)
    monkeypatch.setattr(type(Line._fields["size"]), "option_problem", lambda *_: "is gone")
    order.lines[0].qty = 5
    order.save()
    assert held(order)[0] == ("a", "100", "5")


def restricted(kintone, accessibility):
    """Give a user these permissions on the table's column `size`."""
    kintone.emulator.add_user("kato", "secret")
    rights = [
        {"entity": {"type": "USER", "code": "kato"}, "accessibility": accessibility},
        {"entity": {"type": "GROUP", "code": "everyone"}, "accessibility": "WRITE"},
    ]
    app = kintone.apps["order"]
    rights = [{"code": "size", "entities": rights}]
    kintone.request("PUT", "field/acl", {"app": app, "rights": rights})
    return another(kintone, username="kato", password="secret", alias="kato")


def test_a_column_that_may_not_be_viewed_costs_its_own_cells_alone(kintone, order):
    kato = restricted(kintone, "NONE")
    theirs = Order.objects.using(kato).get()
    assert [line.qty for line in theirs.lines] == [1, 1]
    with pytest.raises(DecodeError, match=r"row 0: kintone did not send Order\.lines\.size"):
        theirs.lines[0].size  # noqa: B018
    second = theirs.lines[1]
    assert second in theirs.lines
    assert theirs.lines.index(second) == 1
    (rows,) = Order.objects.using(kato).values_list("lines", flat=True)
    assert [line.product for line in rows] == ["a", "b"]
    theirs.lines[0].qty = 5
    theirs.lines.reverse()
    theirs.save()
    assert held(order) == [("b", "200", "1"), ("a", "100", "5")]
    assert [line.size for line in Order.objects.get().lines] == ["S", "S"]


def test_what_may_not_be_viewed_is_neither_written_nor_lost(kintone, order):
    kato = restricted(kintone, "NONE")
    theirs = Order.objects.using(kato).get()
    theirs.lines[0].size = "M"
    with assert_requests(1, using=kato), pytest.raises(FieldDoesNotExist, match="may not view"):
        theirs.save()
    kato.forms[kintone.apps["order"]] = None  # nor the form again
    copied = Order(lines=Order.objects.using(kato).get().lines)
    with pytest.raises(DecodeError, match="did not send Order.lines.size"):
        copied.save(using=kato)


def test_a_column_that_may_not_be_edited_does_not_stop_the_save_of_another(kintone, order):
    kato = restricted(kintone, "READ")
    theirs = Order.objects.using(kato).get()
    theirs.lines[0].qty = 5
    theirs.save()
    assert held(order)[0] == ("a", "100", "5")
    theirs.lines[0].size = "M"
    with pytest.raises(PermissionDenied):
        theirs.save()


# -- two writers ----------------------------------------------------------------------------------

WAYS = {
    "save": lambda order: order.save(),
    "unchecked save": lambda order: order.save(check_revision=False),
    "update_fields": lambda order: order.save(update_fields=["lines", "note"]),
    "unchecked update_fields": lambda order: order.save(
        update_fields=["lines"], check_revision=False
    ),
    "bulk_update": lambda order: Order.objects.bulk_update([order]),
    "checked bulk_update": lambda order: Order.objects.bulk_update([order], check_revision=True),
    "bulk_update of names": lambda order: Order.objects.bulk_update([order], ["lines"]),
    "Meta.check_revision": lambda order: order.save(),
}
CHECKED = {"save", "update_fields", "checked bulk_update"}


@pytest.fixture(params=WAYS)
def saving(request):
    return request.param


def mine_for(saving, order):
    model = Unchecked if saving == "Meta.check_revision" else Order
    return model.objects.get(pk=order.pk)


def test_a_row_that_somebody_deleted_is_no_blank_row(order, way, saving):
    mine = mine_for(saving, order)
    del order.lines[1]
    order.save()
    mine.lines[0].qty = 5
    if saving in CHECKED:
        with pytest.raises((Order.Conflict, BulkWriteError)):
            WAYS[saving](mine)
        assert held(order) == [("a", "100", "1")]
    else:
        with assert_requests(3):
            WAYS[saving](mine)
        assert held(order) == [("a", "100", "5"), ("b", "999", "1")]
        assert ids(order) == [1, 3]
        assert [line.id for line in mine.lines] == [1, 3]


def test_a_changed_row_that_somebody_deleted_is_no_row_of_one_cell(order, way, saving):
    mine = mine_for(saving, order)
    del order.lines[1]
    order.save()
    mine.lines[1].qty = 5
    if saving in CHECKED:
        with pytest.raises((Order.Conflict, BulkWriteError)):
            WAYS[saving](mine)
        assert held(order) == [("a", "100", "1")]
    else:
        WAYS[saving](mine)
        assert held(order) == [("a", "100", "1"), ("b", "999", "5")]


def test_the_cells_that_were_changed_here_win_and_the_others_stay_theirs(order, saving):
    mine = mine_for(saving, order)
    order.lines[0].qty, order.lines[0].size, order.lines[1].qty = 7, "M", 8
    order.save()
    mine.lines[0].qty = 5
    if saving in CHECKED:
        with pytest.raises((Order.Conflict, BulkWriteError)):
            WAYS[saving](mine)
        return
    WAYS[saving](mine)
    found = Order.objects.get()
    assert [(line.qty, line.size) for line in found.lines] == [(5, "M"), (8, "S")]
    with assert_requests(1):  # the list has the stored rows now
        assert [(line.qty, line.size) for line in mine.lines] == [(5, "M"), (8, "S")]
        assert mine.changed_fields() == {}


def test_after_a_merge_the_list_can_be_saved_again_unread(order):
    rows = order.lines
    theirs = Order.objects.get()
    theirs.lines[1].qty = 8
    theirs.save()
    rows[0].qty = 5
    order.save(check_revision=False)
    rows[0].size = "M"
    with assert_requests(1):
        order.save()
    assert [(line.qty, line.size) for line in Order.objects.get().lines] == [(5, "M"), (8, "S")]


def test_many_records_are_read_again_together(kintone, order):
    Order.objects.bulk_create([Order(lines=[Line(qty=n), Line(qty=0)]) for n in range(5)])
    mine = list(Order.objects.all())
    for theirs in Order.objects.all():
        del theirs.lines[1]
        theirs.save()
    for each in mine:
        each.lines[0].qty = 9
    with assert_requests(3):
        Order.objects.bulk_update(mine)
    assert {len(order.lines) for order in Order.objects.all()} == {2}
    assert {order.lines[1].qty for order in Order.objects.all()} == {1, 0}


@pytest.mark.parametrize(
    ("code", "error"), [("GAIA_CO02", Order.Conflict), ("GAIA_DA02", ServerBusy)]
)
def test_three_more_times_and_then_the_refusal(kintone, order, code, error):
    order.lines[0].qty = 5
    refusal = json.dumps({"code": code, "id": "1", "message": "busy"}).encode()
    sent = []

    def refuse(send, request):
        from kintone_orm.http.messages import Response

        if request.method == "PUT":
            sent.append(request)
            return Response(status=409 if code == "GAIA_CO02" else 400, headers={}, body=refusal)
        return send(request)

    with kintone.wrap(refuse), pytest.raises(error):
        order.save(check_revision=False)
    assert len(sent) >= 4


def test_a_record_without_a_table_among_its_changes_takes_no_revision(kintone, order):
    theirs = Order.objects.get()
    theirs.note = "theirs"
    theirs.save()
    order.note = "mine"
    with assert_requests(1):
        order.save(check_revision=False)


# -- requests -------------------------------------------------------------------------------------


def test_a_save_is_one_request_and_one_after_a_new_row_two(order):
    order.lines.append(Line(qty=1))
    with assert_requests(1):
        order.save()
    with assert_requests(2):
        order.lines.append(Line(qty=2))
        order.save()
    assert ids(order) == [1, 2, 3, 4]


def test_a_held_list_without_new_rows_is_sent_again_unread(order):
    rows = order.lines
    with assert_requests(3):
        for qty in (5, 6, 7):
            rows[0].qty = qty
            order.save()
    assert held(order)[0] == ("a", "100", "7")


def test_a_file_in_a_cell_that_is_not_sent_again_is_not_asked_for(order):
    rows = order.lines
    rows[0].papers = [ContentFile(b"1", "a.txt")]
    order.save()
    rows[1].qty = 6
    with assert_requests(1):
        order.save()
    rows[0].qty = 7
    with assert_requests(1):
        order.save()
    rows[0].papers.append(ContentFile(b"2", "b.txt"))
    with assert_requests(3):  # reading the key of the first file, the upload, and the save
        order.save()
    found = Order.objects.get().lines
    assert [[paper.read() for paper in line.papers] for line in found] == [[b"1", b"2"], []]


def test_an_edit_that_was_overtaken_meets_the_conflict_after_unchecked_saves_of_parts(order):
    rows, order.note = order.lines, "mine"
    Order.objects.filter(pk=order.pk).update(note="theirs")
    rows[1].qty = 5
    order.save(update_fields=["lines"], check_revision=False)  # the note is still unsaved
    theirs = Order.objects.get(pk=order.pk)
    del theirs.lines[0]
    theirs.save()

    rows[0].qty = 7
    order.save(update_fields=["note"], check_revision=False)
    with pytest.raises(Order.Conflict) as refused:
        order.save()
    assert refused.value.both == {"lines"}
    assert held(order) == [("b", "200", "5")]


@pytest.mark.parametrize(
    "save",
    [
        lambda order: order.save(),
        lambda order: order.save(update_fields=["lines"]),
        lambda order: Order.objects.bulk_update([order], check_revision=True),
        lambda order: Order.objects.bulk_update([order], ["lines"], check_revision=True),
    ],
)
def test_a_checked_save_meets_the_conflict_where_the_keys_of_its_files_are_overtaken(order, save):
    rows = order.lines
    rows[0].papers.append(ContentFile(b"1", "a.txt"))
    order.save()
    theirs = Order.objects.get(pk=order.pk)
    theirs.lines[0].qty = 9
    theirs.save()

    rows[0].papers.append(ContentFile(b"2", "b.txt"))
    with assert_requests(1), pytest.raises(Order.Conflict) as refused:
        save(order)
    assert refused.value.instance is order
    assert refused.value.both == {"lines"}


def test_a_row_that_is_new_twice_over_is_no_guess(order):
    rows = order.lines
    rows.append(Line(qty=3))
    order.save()
    there = {"lines": {"value": [{"value": {"qty": {"value": "3"}}}] * 3}}
    update_record(connection_of(order), app=connection_of(order).apps["order"], id=1, record=there)
    rows[2].qty = 4
    with pytest.raises(Order.Conflict):
        order.save()


def test_what_kintone_works_out_is_not_blank_after_a_refused_save(order):
    rows = order.lines
    rows[0].qty = 2
    order.save()
    theirs = Order.objects.get()
    theirs.note = "theirs"
    theirs.save()
    rows[0].qty = 3
    with pytest.raises(Order.Conflict):
        order.save()
    assert rows[0].amount == 200  # of the two stored rows
    assert rows[0].qty == 3


class OrderSchema(ModelSchema):
    class Meta:
        model = Order
        load_instance = True
        exclude = ["lines.papers"]


def test_what_a_schema_loads_is_sent_as_the_cells_that_differ(kintone, order):
    seen = OrderSchema().dump(order)
    seen["lines"][0]["qty"] = "5"
    seen["lines"].reverse()
    OrderSchema().load(seen, instance=order)
    with capture_requests(kintone) as requests:
        order.save()
    assert requests[-1].params["record"] == {
        "lines": {"value": [{"id": "2"}, {"id": "1", "value": {"qty": {"value": "5"}}}]}
    }
    assert held(order) == [("b", "200", "1"), ("a", "100", "5")]


def test_a_deleted_row_that_is_not_known_whole_ends_a_bulk_as_every_refusal_does(kintone, order):
    del order.lines[0]
    order.save()
    Order.objects.bulk_create([Order(lines=[Line(product="a", qty=1)] * 2) for _ in range(20)])
    kato = restricted(kintone, "NONE")
    theirs = list(Order.objects.using(kato).order_by("-id"))
    last = Order.objects.get(pk=order.pk)
    last.lines = []
    last.save()
    for each in theirs:
        each.lines[0].qty = 5
    with pytest.raises(BulkWriteError, match=r"did not send Order\.lines\.size") as caught:
        Order.objects.using(kato).bulk_update(theirs, batch_size=1)
    assert (caught.value.done, caught.value.failed) == (theirs[:20], theirs[20:])


def test_a_deleted_row_whose_file_went_with_it_ends_the_save(order, saving):
    order.lines[1].papers = [ContentFile(b"a", name="a")]
    order.save()
    mine = mine_for(saving, order)
    del order.lines[1]
    order.save()
    mine.lines[0].qty = 5
    wanted = (Order.Conflict, BulkWriteError) if saving in CHECKED else AttachmentNotFound
    with pytest.raises(wanted):
        WAYS[saving](mine)
    assert held(order) == [("a", "100", "1")]
