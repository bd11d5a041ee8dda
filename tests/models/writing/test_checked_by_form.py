"""Values are checked by the app's form before a request, although the model declares no rule."""

from __future__ import annotations

import pytest

from kintone_orm import Model, Row, connect, connections, fields
from kintone_orm.api.deploy import deploy_apps
from kintone_orm.api.form import update_form_fields
from kintone_orm.apps.deploying.deploy_status import wait_for_deploy
from kintone_orm.apps.description import read_app
from kintone_orm.connection import KnownPrecision
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import FieldError, ServerBusy, UniqueViolation, ValidationError
from kintone_orm.testing import assert_requests, capture_requests, emulate

REQUIRED = "Required: kintone refuses a blank here."
TOO_LONG = "'abcde' has 5 characters; the app's field takes at most 4."
UNKNOWN = "'D' is not among the app's options 'A', 'B', 'C'."


def options(*names):
    return {name: {"label": name, "index": str(n)} for n, name in enumerate(names)}


PROPERTIES = {
    "番号": {"type": "SINGLE_LINE_TEXT", "required": True, "unique": True},
    "略称": {"type": "SINGLE_LINE_TEXT", "maxLength": "4"},
    "ランク": {"type": "DROP_DOWN", "options": options("A", "B", "C"), "defaultValue": "A"},
    "金額": {"type": "NUMBER", "minValue": "0", "maxValue": "100"},
    "時刻": {"type": "DATETIME", "unique": True},
    "合計": {"type": "CALC", "expression": "金額 * 2"},
    "明細": {
        "type": "SUBTABLE",
        "fields": {
            "品名": {"type": "SINGLE_LINE_TEXT", "required": True},
            "数量": {"type": "NUMBER", "maxValue": "9"},
        },
    },
}


class Line(Row):
    item = fields.SingleLineTextField("品名")
    qty = fields.NumberField("数量")


class Order(Model):
    number = fields.SingleLineTextField("番号")
    short = fields.SingleLineTextField("略称")
    rank = fields.DropDownField("ランク")
    amount = fields.NumberField("金額")
    time = fields.DateTimeField("時刻")
    lines = fields.SubtableField(Line, "明細")

    class Meta:
        app = "orders"


class Keyed(Model):
    """The same app, with a field that an upsert can use as its key."""

    number = fields.SingleLineTextField("番号", unique=True)
    short = fields.SingleLineTextField("略称")
    rank = fields.DropDownField("ランク", default="D")

    class Meta:
        app = "orders"


@pytest.fixture
def kintone():
    domain = {"apps": {"orders": {"form": {"properties": PROPERTIES}}}}
    with emulate(Order, domain=domain) as connection:
        yield connection


def change_form(connection, **settings):
    """Change fields of the app behind the back of `connection`, given by code."""
    app = connection.apps["orders"]
    kinds = {code: {"type": PROPERTIES[code]["type"]} for code in settings}
    properties = {code: kinds[code] | changed for code, changed in settings.items()}
    update_form_fields(connection, app=app, properties=properties)
    deploy_apps(connection, apps=[{"app": app}])
    wait_for_deploy(connection, [app], 9)


def refused(write, requests=1):
    """Return the errors of a write that is refused after the form was read again."""
    with assert_requests(requests) as sent, pytest.raises(ValidationError) as caught:
        write()
    assert {request.method for request in sent} <= {"GET"}
    return caught.value.errors


def test_a_new_record_is_refused_with_all_its_problems(kintone):
    order = Order(short="abcde", rank="D", amount=101, lines=[Line(qty=10)])
    assert refused(order.save) == {
        "number": [REQUIRED],
        "short": [TOO_LONG],
        "rank": [UNKNOWN],
        "amount": ["101 is too large; the app's field takes at most 100."],
        "lines[0].item": [REQUIRED],
        "lines[0].qty": ["10 is too large; the app's field takes at most 9."],
    }


def test_the_error_names_the_record(kintone):
    with pytest.raises(ValidationError, match=r"^Order \(new\): number: Required"):
        Order.objects.create()
    order = Order.objects.create(number="1")
    order.number = ""
    with pytest.raises(ValidationError, match=r"^Order id=1: number: Required"):
        order.save()


def test_valid_values_are_saved_in_one_request(kintone):
    with assert_requests(1):
        order = Order.objects.create(number="1", short="abcd", rank="B", amount=100)
    order.amount = 0
    with assert_requests(1):
        order.save()


def test_a_changed_record_is_refused(kintone):
    order = Order.objects.create(number="1", lines=[Line(item="a"), Line(item="b")])
    order.rank, order.lines[1].item = "D", ""
    assert refused(order.save) == {"rank": [UNKNOWN], "lines[1].item": [REQUIRED]}


def test_many_new_records_are_refused_with_all_their_problems(kintone):
    orders = [Order(number="1"), Order(short="abcde"), Order(number="2", rank="D")]
    with pytest.raises(ValidationError, match=r"^Order\.objects\.bulk_create: \[1\]\.short"):
        Order.objects.bulk_create(orders)
    assert refused(lambda: Order.objects.bulk_create(orders)) == {
        "[1].number": [REQUIRED],
        "[1].short": [TOO_LONG],
        "[2].rank": [UNKNOWN],
    }


def test_many_changed_records_are_refused_by_their_place(kintone):
    orders = Order.objects.bulk_create([Order(number=str(n)) for n in range(3)])
    orders[2].short = "abcde"
    assert refused(lambda: Order.objects.bulk_update(orders)) == {"[2].short": [TOO_LONG]}
    assert refused(lambda: Order.objects.bulk_update(orders, ["short"])) == {
        "[2].short": [TOO_LONG]
    }


def test_an_update_of_a_queryset_is_refused_before_the_ids_are_read(kintone):
    Order.objects.create(number="1")
    assert refused(lambda: Order.objects.filter(rank="A").update(short="abcde")) == {
        "short": [TOO_LONG]
    }
    with assert_requests(0):
        assert Order.objects.none().update(short="abcde") == 0


def test_get_or_create_and_update_or_create_are_refused(kintone):
    assert refused(lambda: Order.objects.get_or_create(number="1", defaults={"rank": "D"}), 2) == {
        "rank": [UNKNOWN]
    }
    Order.objects.create(number="1")
    assert refused(
        lambda: Order.objects.update_or_create(number="1", defaults={"rank": "D"}), 2
    ) == {"rank": [UNKNOWN]}


# -- the model's own checks ------------------------------------------------------------------------


class Strict(Model):
    """The same app, with a few rules of its own."""

    number = fields.SingleLineTextField("番号", required=True)
    short = fields.SingleLineTextField("略称")
    rank = fields.DropDownField("ランク", choices=["A", "B", "Z"])

    class Meta:
        app = "orders"


def test_a_problem_that_both_find_is_said_once_without_a_request(kintone):
    assert refused(lambda: Strict.objects.create(rank="D"), 0) == {
        "number": [REQUIRED],
        "rank": ["'D' is not among the choices 'A', 'B', 'Z'."],
    }


def test_the_problems_of_both_come_together(kintone):
    strict = [Strict(rank="Z"), Strict(number="1", short="abcde")]
    assert refused(lambda: Strict.objects.bulk_create(strict)) == {
        "[0].number": [REQUIRED],
        "[0].rank": ["'Z' is not among the app's options 'A', 'B', 'C'."],
        "[1].short": [TOO_LONG],
    }


def test_a_save_without_validation_leaves_the_values_to_kintone(kintone):
    with assert_requests(1), pytest.raises(ValidationError) as caught:
        Order(number="1", rank="D").save(validate=False)
    assert caught.value.errors == {"rank": ['The value, "D", is not in options.']}


def test_a_save_without_validation_still_refuses_values_that_kintone_would_ignore(kintone):
    class Summed(Model):
        total = fields.NumberField("合計")

        class Meta:
            app = "orders"

    with pytest.raises(FieldError, match="is calculated"):
        Summed(total=1).save(validate=False)


# -- a form that has changed, or is not known ------------------------------------------------------


def test_a_value_that_the_changed_form_allows_is_saved(kintone):
    change_form(kintone, ランク={"options": options("A", "B", "C", "D")})
    with assert_requests(2):
        Order.objects.create(number="1", rank="D")
    with assert_requests(1):
        Order.objects.bulk_create([Order(number="2", rank="D")])


def test_a_rule_that_the_form_has_got_meanwhile_is_told_by_kintone(kintone):
    change_form(kintone, 略称={"required": True})
    with assert_requests(1), pytest.raises(ValidationError) as caught:
        Order.objects.create(number="1")
    assert caught.value.errors == {"short": ["Required."]}


def test_the_form_is_read_again_once_for_all_records(kintone):
    orders = [Order(number=str(n), rank="D") for n in range(5)]
    assert len(refused(lambda: Order.objects.bulk_create(orders))) == 5


def test_without_a_second_look_at_the_form_nothing_is_refused(kintone):
    kintone.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, endpoint="app/form/fields")
    with pytest.raises(ServerBusy):
        Order.objects.create(number="1", rank="D")


def test_a_form_that_was_just_read_is_not_read_again(kintone):
    kintone.forms.clear()
    assert refused(lambda: Order.objects.create(number="1", rank="D")) == {"rank": [UNKNOWN]}


def test_the_form_is_read_before_the_first_record_without_values(kintone):
    kintone.forms.clear()
    assert refused(Order.objects.create) == {"number": [REQUIRED]}
    kintone.forms.clear()
    assert refused(lambda: Order.objects.bulk_create([Order()])) == {"[0].number": [REQUIRED]}


def test_the_models_problems_need_no_form(kintone):
    kintone.forms.clear()
    assert refused(lambda: Strict.objects.create(rank="D"), 0).keys() == {"number", "rank"}


def test_without_the_right_to_see_the_form_kintone_checks_alone(kintone):
    kintone.forms[kintone.apps["orders"]] = None
    with assert_requests(1), pytest.raises(ValidationError) as caught:
        Order.objects.create(number="1", rank="D")
    assert caught.value.errors == {"rank": ['The value, "D", is not in options.']}


def test_the_right_to_see_the_form_may_be_lost_meanwhile(kintone):
    Order.objects.create(number="1")
    token = kintone.emulator.add_api_token(kintone.apps["orders"], permissions=["edit"])
    editor = connect(
        kintone.base_url,
        api_token=token,
        apps=kintone.apps,
        alias="editor",
        adapter=kintone._adapter,
    )
    editor.forms.update(kintone.forms)
    stored = {"$id": {"value": "1"}, "$revision": {"value": "1"}}
    order = Order.from_record(stored, using=editor)
    order.rank = "D"
    with capture_requests(editor) as requests, pytest.raises(ValidationError, match="in options"):
        order.save()
    del connections["editor"]
    assert [request.method for request in requests] == ["GET", "PUT"]


# -- digits ----------------------------------------------------------------------------------------


class Count(Model):
    count = fields.NumberField()

    class Meta:
        app = "counts"


@pytest.fixture
def counts():
    with emulate(Count) as connection:
        yield connection


def test_digits_are_checked_if_the_apps_settings_were_read(counts):
    with assert_requests(1), pytest.raises(ValidationError, match="count"):
        Count.objects.create(count=10**12)  # kintone checks it

    read_app(counts, counts.apps["counts"])
    with assert_requests(1):
        Count.objects.create(count=10**12 - 1)
    message = f"{10**12} has more than 12 digits before the decimal point"
    with capture_requests(counts) as requests, pytest.raises(ValidationError, match=message):
        Count.objects.create(count=10**12)
    paths = [request.path.removeprefix("/k/v1/") for request in requests]
    assert paths == ["app/form/fields.json", "app/settings.json"]


def test_digits_that_the_changed_settings_allow_are_saved(counts):
    counts.number_precisions[counts.apps["counts"]] = KnownPrecision(5, 2, "UP")
    with assert_requests(3):
        Count.objects.create(count=1000)
    with assert_requests(1):
        Count.objects.create(count=1000)


# -- doubles of unique fields ----------------------------------------------------------------------


def test_doubles_within_a_bulk_are_refused_with_the_other_object(kintone):
    orders = [Order(number="a"), Order(number="b"), Order(number="a")]
    with assert_requests(1), pytest.raises(UniqueViolation) as caught:
        Order.objects.bulk_create(orders)
    assert caught.value.errors == {
        "[2].number": ["[0] has the same value 'a'; the app prohibits duplicates in this field."]
    }
    assert caught.value.taken_by == {"[2].number": orders[0]}


def test_doubles_among_changes_are_refused(kintone):
    orders = Order.objects.bulk_create([Order(number=str(n)) for n in range(3)])
    orders[0].number = orders[2].number = "x"
    with assert_requests(1), pytest.raises(UniqueViolation, match=r"\[2\].number: \[0\] has"):
        Order.objects.bulk_update(orders)


def test_blanks_are_no_doubles(kintone):
    Order.objects.bulk_create([Order(number="1", time=None), Order(number="2", time=None)])
    assert Order.objects.count() == 2


def test_kintone_decides_about_values_that_differ_in_trailing_blanks(kintone):
    orders = [Order(number="a"), Order(number="a ")]
    with capture_requests(kintone) as requests, pytest.raises(ValidationError, match="exists"):
        Order.objects.bulk_create(orders)
    assert requests[0].method == "POST"


def test_times_are_doubles_if_only_their_seconds_differ(kintone):
    times = ["2026-02-06T12:00:01Z", "2026-02-06T12:00:59Z"]
    orders = [Order(number=str(n), time=time) for n, time in enumerate(times)]
    with pytest.raises(UniqueViolation) as caught:
        Order.objects.bulk_create(orders)
    assert list(caught.value.errors) == ["[1].time"]


def test_an_exchange_of_two_values_is_no_double(kintone):
    first, second = Order.objects.bulk_create([Order(number="a"), Order(number="b")])
    first.number, second.number = "b", "c"
    with capture_requests(kintone) as requests, pytest.raises(ValidationError):
        Order.objects.bulk_update([first, second])
    assert "PUT" in {request.method for request in requests}


def test_an_update_gives_a_unique_value_to_one_record_only(kintone):
    Order.objects.bulk_create([Order(number="1"), Order(number="2")])
    assert refused(lambda: Order.objects.filter(rank="A").update(number="x"), 2) == {
        "number": [
            "2 records cannot have the same value 'x'; the app prohibits duplicates in this field."
        ]
    }
    assert Order.objects.filter(number="1").update(number="x") == 1


def test_an_update_of_values_that_need_not_be_unique_any_more_is_sent(kintone):
    Order.objects.bulk_create([Order(number="1"), Order(number="2")])
    change_form(kintone, 番号={"unique": False})
    with assert_requests(3):
        assert Order.objects.filter(rank="A").update(number="x") == 2


def test_an_update_of_many_records_with_a_blank_is_sent(kintone):
    Order.objects.bulk_create([Order(number="1"), Order(number="2")])
    with assert_requests(2):
        assert Order.objects.filter(rank="A").update(time=None) == 2


# -- upserts ---------------------------------------------------------------------------------------


def upsert(*objects, **options):
    return Keyed.objects.bulk_create(
        objects, update_conflicts=True, unique_fields=["number"], **options
    )


def test_a_stored_record_of_an_upsert_may_lack_values(kintone):
    change_form(kintone, 略称={"required": True})
    Order.objects.create(number="1", short="old")
    with emulate(Order, like=kintone.snapshot()):
        upsert(Keyed(number="1", rank="B"))
        assert Order.objects.get().rank == "B"


def test_a_new_record_of_an_upsert_is_refused_before_any_is_written(kintone):
    Order.objects.create(number="1", short="old")
    change_form(kintone, 略称={"required": True})
    with emulate(Order, like=kintone.snapshot()):
        objects = [Keyed(number="1", short="new"), Keyed(number="2", rank="B"), Keyed(number="3")]
        assert refused(lambda: upsert(*objects), 2) == {
            "[1].short": [REQUIRED],
            "[2].short": [REQUIRED],
            "[2].rank": [UNKNOWN],
        }
        assert Order.objects.get().short == "old"


def test_a_key_with_trailing_blanks_may_be_a_stored_one(kintone):
    change_form(kintone, 略称={"required": True})
    Order.objects.create(number="1", short="old")
    with emulate(Order, like=kintone.snapshot()):
        upsert(Keyed(number="1 ", rank="B"))
        assert Order.objects.get().rank == "B"


def test_the_values_of_an_upsert_are_checked(kintone):
    keyed = Keyed(number="1", short="abcde", rank="A")
    assert refused(lambda: upsert(keyed)) == {"[0].short": [TOO_LONG]}


def test_a_default_that_an_existing_record_does_not_get_is_not_checked(kintone):
    Order.objects.create(number="1")
    upsert(Keyed(number="1", short="abc"))
    assert Order.objects.get().short == "abc"


# -- checks without a save -------------------------------------------------------------------------


def test_clean_fields_uses_a_known_form_without_a_request(kintone):
    order = Order(short="abcde", number="1")
    assert refused(order.clean_fields, 0) == {"short": [TOO_LONG]}
    assert refused(order.full_clean, 0) == {"short": [TOO_LONG]}
    order.clean_fields(exclude=["short"])

    kintone.forms.clear()
    with assert_requests(0):
        order.full_clean()


def test_clean_fields_checks_the_changes_of_a_stored_record(kintone):
    order = Order.objects.create(number="1", rank="C")
    change_form(kintone, ランク={"options": options("A", "B")})
    with emulate(Order, like=kintone.snapshot()):
        order = Order.objects.get()
        order.full_clean()
        order.short = "abcde"
        assert refused(order.full_clean, 0) == {"short": [TOO_LONG]}


def test_required_fields_that_a_model_lacks_are_named(kintone):
    class Partial(Model):
        short = fields.SingleLineTextField("略称")

        class Meta:
            app = "orders"

    message = (
        "The app requires '番号', which Partial does not declare, so kintone refuses every new "
        "record. Declare the field, or give it a default in the app."
    )
    assert refused(lambda: Partial.objects.create(short="a")) == {"": [message]}
    assert refused(lambda: Partial.objects.bulk_create([Partial(short="a")])) == {"[0]": [message]}
    assert refused(Partial(short="a").full_clean, 0) == {"": [message]}
