"""Rows of a subtable: a plain list, compared when it is saved, its rows' ids kept."""

from __future__ import annotations

import copy
import pickle

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.api.deploy import get_deploy_status
from kintone_orm.api.records import update_record
from kintone_orm.exceptions import DecodeError, FieldError, ImproperlyConfigured, ValidationError
from kintone_orm.fields import row_sending
from kintone_orm.files import ContentFile
from kintone_orm.models.record.decoding.page_decoder import decode
from kintone_orm.models.record.home import connection_of
from kintone_orm.testing import assert_requests, capture_requests


@pytest.fixture(autouse=True, params=["id", "empty value", "whole"])
def untouched_rows(request, monkeypatch):
    """Run each test with every value of UNTOUCHED_ROWS: rows and ids must be the same."""
    monkeypatch.setattr(row_sending, "UNTOUCHED_ROWS", request.param)


class Item(Model):
    code = fields.SingleLineTextField(unique=True)
    label = fields.SingleLineTextField()


class Line(Row):
    name = fields.SingleLineTextField("品名", required=True)
    qty = fields.NumberField()
    tags = fields.CheckBoxField("flags", choices=["red", "green"])
    at = fields.DateTimeField()


class Order(Model):
    number = fields.SingleLineTextField()
    lines = fields.SubtableField(Line)


class Pick(Row):
    item = fields.LookupField(Item, key="code", copies={"item_label": "label"})
    item_label = fields.SingleLineTextField()
    price = fields.NumberField()
    double = fields.CalcField(expression="price * 2")


class Basket(Model):
    note = fields.SingleLineTextField()
    picks = fields.SubtableField(Pick)


class Team(Model):
    members = fields.UserSelectField()
    papers = fields.FileField()


class Job(Row):
    who = fields.UserSelectField()
    papers = fields.FileField()


class Plan(Model):
    jobs = fields.SubtableField(Job)


def saved(*names: str) -> Order:
    Order(number="A", lines=[Line(name=name, qty=i) for i, name in enumerate(names)]).save()
    return Order.objects.get()


def names(order: Order) -> list[str]:
    return [line.name for line in Order.objects.get(pk=order.pk).lines]


def ids(order: Order) -> list[int | None]:
    return [line.id for line in Order.objects.get(pk=order.pk).lines]


# -- a row by itself ------------------------------------------------------------------------------


def test_codes_in_a_subtable_are_the_apps():
    with pytest.raises(
        ImproperlyConfigured, match=r"Bad\.lines\.name and Bad\.label have the same"
    ):
        type(Model)(
            "Bad",
            (Model,),
            {"label": fields.SingleLineTextField("品名"), "lines": fields.SubtableField(Line)},
        )
    with pytest.raises(ImproperlyConfigured, match="several fields with the code 'x'"):
        type(Row)("Bad", (Row,), {"a": fields.NumberField("x"), "b": fields.NumberField("x")})


def test_columns_know_their_table():
    assert list(Order.lines.columns) == ["name", "qty", "tags", "at"]
    column = Order.lines.columns["name"]
    assert (column.code, column.table, str(column)) == ("品名", "lines", "Order.lines.name")
    assert (Order.number.table, Order.number.columns, Order.lines.table) == (None, None, None)


def test_a_column_that_is_a_lookup_has_its_keys_rules():
    typed = Basket.picks.columns["item"].typed()
    assert (typed.kintone_type, typed.table, str(typed)) == (
        "SINGLE_LINE_TEXT",
        "picks",
        "Basket.picks.item",
    )


# -- saving ---------------------------------------------------------------------------------------


def test_rows_and_mappings_are_saved_and_read_back_in_order(kintone):
    order = Order(lines=[Line(name="b", tags=["red"]), {"name": "a", "qty": "1.50"}])
    order.save()
    again = Order.objects.get()
    assert again.lines == [Line(name="b", tags=["red"]), Line(name="a", qty="1.5")]
    assert None not in ids(order)


def test_no_rows_is_an_empty_list(kintone):
    order = Order(number="A")
    order.save()
    assert Order.objects.get().lines == []


def test_nothing_changed_sends_nothing(kintone):
    order = saved("a", "b")
    order.lines[0].qty = order.lines[0].qty
    with assert_requests(0):
        order.save()


@pytest.mark.parametrize(
    ("change", "wanted", "positions"),
    [
        (lambda ls: ls[0].__setattr__("name", "x"), ["x", "a", "c"], [0, 1, 2]),
        (lambda ls: ls.sort(key=lambda line: line.name), ["a", "b", "c"], [1, 0, 2]),
        (lambda ls: ls.reverse(), ["c", "a", "b"], [2, 1, 0]),
        (lambda ls: ls.pop(0), ["a", "c"], [1, 2]),
        (lambda ls: ls.clear(), [], []),
        (lambda ls: ls[1].tags.append("red"), ["b", "a", "c"], [0, 1, 2]),
    ],
)
def test_what_changes_in_place_is_saved_and_rows_keep_their_ids(kintone, change, wanted, positions):
    order = saved("b", "a", "c")
    before = ids(order)
    change(order.lines)
    order.save()
    assert names(order) == wanted
    assert ids(order) == [before[i] for i in positions]
    assert Order.objects.get().lines == order.lines
    with assert_requests(0):
        order.save()


def test_an_added_row_is_new_and_the_others_stay(kintone):
    order = saved("a")
    before = ids(order)
    order.lines += [Line(name="b")]
    order.save()
    assert ids(order)[:1] == before
    assert [line.id for line in order.lines] == ids(order)
    assert None not in ids(order)


def test_a_row_that_stands_there_twice_has_its_id_once(kintone):
    order = saved("a")
    (id_,) = ids(order)
    order.lines.append(order.lines[0])
    with capture_requests(kintone) as requests:
        order.save()
    sent = requests[-1].params["record"]["lines"]["value"]
    assert [row.get("id") for row in sent] == [str(id_), None]
    assert names(order) == ["a", "a"]
    assert ids(order)[0] == id_ != ids(order)[1]


def test_a_row_of_another_record_is_a_new_row(kintone):
    first = saved("a", "b")
    second = Order(number="B")
    second.save()
    second.lines.append(first.lines[0])
    second.save()
    assert names(second) == ["a"]
    assert set(ids(second)).isdisjoint(ids(first))


def test_rows_given_to_two_records_are_copied_for_the_second(kintone):
    rows = [Line(name="a")]
    first, second = Order(lines=rows), Order(lines=rows)
    assert first.lines[0] is rows[0]
    second.lines[0].name = "b"
    assert (first.lines[0].name, second.lines[0].name) == ("a", "b")


def test_rows_read_from_another_record_are_copied_when_they_are_assigned(kintone):
    first = saved("a")
    second = Order(lines=first.lines)
    second.lines[0].name = "b"
    assert (first.changed_fields(), second.lines[0].id) == ({}, None)


def test_a_row_of_a_class_made_from_the_subtables_is_refused(kintone):
    class More(Line):
        note = fields.SingleLineTextField()

    with pytest.raises(FieldError, match=r"Order\.lines takes a list of Line.*, not More"):
        Order(lines=[More(name="a", note="lost")])
    order = Order(lines=[])
    order.lines.append(More(name="a", note="lost"))
    with pytest.raises(ValidationError, match="is not a Line. Replace it by a Line"):
        order.save()


def test_the_old_rows_of_a_change_can_be_put_back(kintone):
    order = saved("a", "b")
    before = ids(order)
    order.lines[0].name = "x"
    del order.lines[1]
    old, new = order.changed_fields()["lines"]
    assert ([row.name for row in old], [row.name for row in new]) == (["a", "b"], ["x"])
    order.lines = old
    assert order.changed_fields() == {}
    assert [row.id for row in order.lines] == before


def test_rows_that_replace_others_unseen_are_all_new(kintone):
    order = saved("a")
    before = ids(order)
    order.lines.append(Line(name="b"))
    order.save()
    order.lines = [Line(name="c")]  # without reading the stored rows
    order.save()
    assert names(order) == ["c"]
    assert set(ids(order)).isdisjoint(before)


def test_the_rows_of_a_mass_update_are_new_in_every_record(kintone):
    first = saved("a")
    Order(number="B").save()
    Order.objects.all().update(lines=first.lines)
    rows = [line for order in Order.objects.all() for line in order.lines]
    assert [line.name for line in rows] == ["a", "a"]
    assert len({line.id for line in rows}) == 2


def test_what_kintone_works_out_in_a_row_is_read_again(kintone):
    Item(code="i1", label="One").save()
    Item(code="i2", label="Two").save()
    basket = Basket(picks=[Pick(item="i1", price=3)])
    basket.save()
    (pick,) = basket.picks
    assert (pick.item_label, pick.double) == ("One", 6)
    pick.item, pick.price = "i2", 5
    basket.save()
    (pick,) = basket.picks
    assert (pick.item_label, pick.double) == ("Two", 10)


@pytest.mark.parametrize("name", ["item_label", "double"])
def test_what_kintone_works_out_cannot_be_set_and_is_not_sent(kintone, name):
    with pytest.raises(AttributeError, match=rf"Pick\.{name} cannot be set"):
        setattr(Pick(), name, "x")
    with pytest.raises(AttributeError, match=rf"Pick\.{name} cannot be set"):
        Pick(**{name: "x"})
    basket = Basket(picks=[Pick(price=3)])
    with capture_requests(kintone) as requests:
        basket.save()
    (row,) = requests[-1].params["record"]["picks"]["value"]
    assert row == {"value": {"price": {"value": "3"}}}


def test_unsaved_rows_survive_the_save_of_another_field(kintone):
    basket = Basket(picks=[Pick(price=3)])
    basket.save()
    basket.picks[0].price = 5
    basket.note = "x"
    basket.save(update_fields=["note"])
    assert basket.picks[0].price == 5
    basket.save()
    assert Basket.objects.get().picks[0].double == 10


# -- rows that a program holds --------------------------------------------------------------------


def write(order: Order, **record: object) -> None:
    """Write the record as another program."""
    app = order._meta.app_id(connection_of(order))
    sent = {code: {"value": value} for code, value in record.items()}
    update_record(connection_of(order), app=app, id=order.pk, record=sent)


def test_a_held_row_is_saved_again_with_one_request_to_learn_its_id(kintone):
    order = saved("a")
    line = Line(name="b", qty=1)
    order.lines.append(line)
    with capture_requests(kintone) as requests:
        order.save()
        line.qty = 5
        assert list(order.changed_fields()) == ["lines"]
        order.save()
    assert [request.method for request in requests] == ["PUT", "GET", "PUT"]
    before, after = ids(order), [row.qty for row in Order.objects.get().lines]
    assert (line.id, after) == (before[1], [0, 5])


def test_a_held_list_that_nobody_touches_costs_nothing(kintone):
    order = saved("a")
    order.lines.append(Line(name="b"))
    order.save()
    with assert_requests(0):
        assert order.changed_fields() == {}
        order.save()


def test_a_list_and_its_rows_stay_the_records(kintone):
    order = Order(number="A")
    rows, line = order.lines, Line(name="a")
    rows.append(line)
    order.save()
    with assert_requests(1):
        assert order.lines is rows
    assert rows[0] is line
    order.lines += [Line(name="b")]
    order.save()
    order.refresh_from_db()
    assert order.lines is rows
    assert rows[0] is line
    assert line.id == ids(order)[0]


def test_an_id_or_what_kintone_works_out_is_fetched_for_a_held_row(kintone):
    Item(code="i1", label="One").save()
    pick = Pick(item="i1", price=3)
    basket = Basket(picks=[pick])
    assert (pick.id, pick.double) == (None, None)
    basket.save()
    with assert_requests(1):
        assert (pick.double, pick.item_label) == (6, "One")
        assert pick.id == basket.picks[0].id
    pick.price = 5
    basket.save()
    with assert_requests(1):
        assert pick.double == 10


def test_a_row_with_an_id_is_sent_again_without_a_look_at_it(kintone):
    basket = Basket(picks=[Pick(price=3)])
    basket.save()
    (pick,) = basket.picks
    with capture_requests(kintone) as requests:
        for price in (4, 5):
            pick.price = price
            basket.save()
    assert [request.method for request in requests] == ["PUT", "PUT"]
    assert Basket.objects.get().picks[0].id == pick.id


def test_a_row_that_was_taken_out_shares_nothing_with_the_one_that_stands_there_again(kintone):
    order = Order(lines=[Line(name="a")])
    lines, (line,) = order.lines, order.lines
    order.save()
    del lines[0]
    order.refresh_from_db()
    line.tags.append("red")
    assert order.lines[0].tags == []
    assert order.changed_fields() == {}


def test_a_row_that_was_taken_out_and_saved_and_put_back_is_live(kintone):
    order = saved("a", "b")
    line = order.lines.pop(0)
    order.save()
    order.lines.append(line)
    order.save()
    line.name = "x"
    order.save()
    assert names(order) == ["b", "x"]
    assert line.id == ids(order)[1]


def test_a_row_of_another_record_stays_there(kintone):
    first, second = saved("a"), Order(number="B")
    second.lines.append(first.lines[0])
    second.save()
    first.lines[0].name = "x"
    first.save()
    second.save()
    assert (names(first), names(second)) == (["x"], ["a"])


@pytest.mark.parametrize("look", [True, False])
def test_held_rows_are_paired_though_others_wrote_another_field(kintone, look):
    order = saved("a")
    line = Line(name="b")
    order.lines.append(line)
    order.save()
    before = ids(order)
    write(order, number="theirs")
    if look:
        assert order.lines[1] is line
    line.name = "x"
    order.save(check_revision=False)
    assert (names(order), ids(order), order.number) == (["a", "x"], before, "theirs")


def test_edits_of_rows_that_others_changed_meet_the_conflict(kintone):
    order = saved("a")
    line = Line(name="b")
    order.lines.append(line)
    order.save()
    write(order, lines=[{"value": {"品名": {"value": "theirs"}}}])
    line.name = "x"
    with pytest.raises(Order.Conflict):
        order.save()
    assert names(order) == ["theirs"]
    with assert_requests(0):
        assert [row.name for row in order.lines] == ["a", "x"]
    order.save(check_revision=False)
    assert names(order) == ["a", "x"]


def test_rows_that_nobody_edits_are_what_others_made_of_them(kintone):
    order = saved("a")
    rows = order.lines
    rows.append(Line(name="b"))
    order.save()
    write(order, lines=[{"value": {"品名": {"value": "theirs"}}}])
    assert order.lines is rows
    assert [row.name for row in rows] == ["theirs"]
    rows[0].name = "mine"
    with pytest.raises(Order.Conflict) as conflict:
        order.save()
    assert conflict.value.both == {"lines"}
    order.refresh_from_db()
    rows[0].name = "mine"
    order.save()
    assert names(order) == ["mine"]


def test_a_list_that_an_unchecked_save_overtook_is_not_saved_over_theirs(kintone):
    order = saved("a")
    line = order.lines[0]
    write(order, lines=[{"value": {"品名": {"value": "theirs"}}}])
    order.number = "B"
    order.save(check_revision=False)
    line.name = "x"
    with pytest.raises(Order.Conflict):
        order.save()
    assert names(order) == ["theirs"]


def test_held_rows_can_be_assigned(kintone):
    order = saved("a", "b")
    rows = [*order.lines, Line(name="c"), Line(name="d")]
    order.lines = rows
    order.save()
    before = ids(order)
    order.lines = [row for row in rows if row.name != "b"]
    rows[2].name = "x"
    order.save()
    assert names(order) == ["a", "x", "d"]
    assert ids(order) == [before[0], *before[2:]]


def test_held_rows_of_many_records_are_learned_and_sent(kintone):
    orders = [Order(number=str(n), lines=[Line(name="a")]) for n in range(3)]
    rows = [order.lines[0] for order in orders]
    Order.objects.bulk_create(orders)
    before = [ids(order) for order in orders]
    for row in rows:
        row.name = "x"
    with capture_requests(kintone) as requests:
        Order.objects.bulk_update(orders, ["lines"])
    assert [request.method for request in requests] == ["GET", "PUT"]
    assert [names(order) for order in orders] == [["x"]] * 3
    assert [ids(order) for order in orders] == before


def test_rows_of_a_record_that_is_deleted_and_saved_again_are_live(kintone):
    order = saved("a")
    line = order.lines[0]
    order.delete()
    order.save()
    line.name = "x"
    order.save()
    assert names(order) == ["x"]
    assert line.id == ids(order)[0]


@pytest.mark.parametrize("again", [copy.copy, lambda o: pickle.loads(pickle.dumps(o))])
def test_a_copy_of_a_record_has_rows_of_its_own(kintone, again):
    line = Line(name="a")
    order = Order(lines=[line])
    order.save()
    line.name = "x"
    other = again(order)
    assert list(other.changed_fields()) == ["lines"]
    other.save()
    (kept,) = ids(order)
    assert (names(order), other.lines[0].id, other.lines[0] is line) == (["x"], kept, False)


def test_a_duplicate_has_the_edits_of_held_rows_and_no_ids(kintone):
    line = Line(name="a")
    order = Order(lines=[line])
    order.save()
    line.name = "x"
    other = order.duplicate()
    assert [(row.name, row.id) for row in other.lines] == [("x", None)]


def test_people_in_a_held_list_are_saved_without_a_request_more(kintone):
    for code in ("alice", "bob"):
        kintone.emulator.add_user(code, "secret", name=code.title())
    team = Team(members=["alice"])
    members = team.members
    team.save()
    members.append(fields.User("bob"))
    with assert_requests(1):
        team.save()
    assert team.members is members
    assert [str(member) for member in members] == ["Alice", "Bob"]


def test_files_in_a_held_list_are_not_sent_twice(kintone):
    team = Team(papers=[ContentFile(b"1", "a.txt")])
    papers = team.papers
    team.save()
    papers.append(ContentFile(b"2", "b.txt"))
    with capture_requests(kintone) as requests:
        team.save()
    assert [request.path.rpartition("/")[2] for request in requests] == [
        "records.json",
        "file.json",
        "record.json",
    ]
    assert team.papers is papers
    assert [paper.read() for paper in papers] == [b"1", b"2"]


def test_lists_in_the_cells_of_a_held_row_are_live(kintone):
    for code in ("alice", "bob"):
        kintone.emulator.add_user(code, "secret", name=code.title())
    job = Job(who=["alice"], papers=[ContentFile(b"1", "a.txt")])
    plan = Plan(jobs=[job])
    who, papers = job.who, job.papers
    plan.save()
    who.append(fields.User("bob"))
    papers.append(ContentFile(b"2", "b.txt"))
    plan.save()
    (read,) = Plan.objects.get().jobs
    assert [str(each) for each in read.who] == ["Alice", "Bob"]
    assert [paper.read() for paper in read.papers] == [b"1", b"2"]
    assert plan.jobs[0] is job
    assert (job.who is who, job.papers is papers, job.id) == (True, True, read.id)


# -- what may not be saved ------------------------------------------------------------------------


def test_what_is_wrong_in_a_row_is_told_with_its_place(kintone):
    order = saved("a", "b")
    order.lines[1].name = ""
    order.lines.append(Line(tags=["blue"]))
    order.lines.append({"name": "c"})  # type: ignore[arg-type]
    with pytest.raises(ValidationError) as refused, assert_requests(0):
        order.save()
    assert list(refused.value.errors) == [
        "lines[1].name",
        "lines[2].name",
        "lines[2].tags",
        "lines[3]",
    ]


def test_what_kintone_refuses_in_a_row_has_our_name(kintone):
    app = kintone.apps["order"]
    properties = {"lines": {"type": "SUBTABLE", "fields": {"flags": {"required": True}}}}
    kintone.request("PUT", "preview/app/form/fields", {"app": app, "properties": properties})
    kintone.request("POST", "preview/app/deploy", {"apps": [{"app": app}]})
    get_deploy_status(kintone, apps=[app])
    order = Order(lines=[Line(name="a", tags=["red"]), Line(name="b", tags=[])])
    with pytest.raises(ValidationError) as refused:
        order.save()
    assert list(refused.value.errors) == ["lines[1].tags"]


# -- reading --------------------------------------------------------------------------------------


def sent(**cells: object) -> dict[str, object]:
    full = {"品名": "a", "qty": "1", "flags": [], "at": ""} | cells
    row = {code: {"value": value} for code, value in full.items() if value is not None}
    own = {"$id": {"value": "7"}, "$revision": {"value": "3"}, "number": {"value": "A"}}
    return own | {"lines": {"value": [{"id": "5", "value": row}]}}


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"qty": "x"}, r"row 0: Order\.lines\.qty \(NUMBER\) cannot be read from \{'value': 'x'\}"),
        ({"qty": None}, r"row 0: kintone did not send Order\.lines\.qty \(code 'qty'\)"),
    ],
)
def test_a_cell_that_cannot_be_read_costs_itself_alone(kintone, cells, why):
    good, bad = decode(Order, [sent(), sent(**cells)], kintone)
    assert good.lines == [Line(name="a", qty=1)]
    assert bad.number == "A"
    assert [line.name for line in bad.lines] == ["a"]
    with pytest.raises(DecodeError, match=why):
        bad.lines[0].qty  # noqa: B018


class SortedLines(fields.SubtableField[Line]):
    """A subtable that sorts its rows by name when it is read."""

    def to_python(self, raw, zone=None):
        return sorted(super().to_python(raw, zone), key=lambda line: line.name)


class SortedOrder(Model):
    lines = SortedLines(Line)


def test_a_subtable_of_ones_own_reads_its_own_way(kintone):
    SortedOrder(lines=[Line(name="b"), Line(name="a")]).save()
    order = SortedOrder.objects.get()
    assert [line.name for line in order.lines] == ["a", "b"]
    assert order.changed_fields() == {}
    order.lines[0].name = "c"
    assert list(order.changed_fields()) == ["lines"]
