"""Defaults that are also the app's, and defaults that kintone fills in."""

from __future__ import annotations

from datetime import date, datetime, time, timezone

import marshmallow
import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.api.form import get_form_fields
from kintone_orm.api.records import add_record, get_record
from kintone_orm.fields import User
from kintone_orm.functions import LoginUser, Now, PrimaryOrganization, Today
from kintone_orm.schema import ModelSchema
from kintone_orm.testing import assert_requests, capture_requests, emulate, freeze

NOON = datetime(2026, 2, 6, 12, 30, tzinfo=timezone.utc)


class Step(Row):
    what = fields.SingleLineTextField()
    day = fields.DateField(required=True, default=Today())
    size = fields.RadioButtonField(choices=["S", "M"], default="M")
    worker = fields.UserSelectField(default=LoginUser())


class Ticket(Model):
    title = fields.SingleLineTextField(default="untitled")
    number = fields.SingleLineTextField(unique=True)
    points = fields.IntegerField(default=3)
    rank = fields.DropDownField(choices=["A", "B"], default="B")
    tags = fields.CheckBoxField(choices=["red", "green"], default=("green",))
    watchers = fields.UserSelectField(default=("Administrator",))
    opened = fields.DateField(required=True, default=Today())
    at = fields.TimeField(default=Now())
    since = fields.DateTimeField(default=Now())
    owners = fields.UserSelectField(default=LoginUser())
    teams = fields.OrganizationSelectField(default=PrimaryOrganization())
    steps = fields.SubtableField(Step, default=(Step(what="look"), {"what": "mend"}))


@pytest.fixture
def tickets():
    with emulate(Ticket) as connection, freeze(NOON):
        yield connection


# -- the app's form --------------------------------------------------------------------------------


def test_the_app_has_the_defaults(tickets):
    form = get_form_fields(tickets, app=tickets.apps["ticket"])["properties"]
    for field in Ticket._meta.fields.values():
        setting = field.default_setting()
        assert {name: form[field.code][name] for name in setting} == setting
    columns = form["steps"]["fields"]
    assert columns["day"]["defaultNowValue"] is True
    assert columns["size"]["defaultValue"] == "M"


def test_a_record_of_another_program_gets_the_same_defaults(tickets):
    app = tickets.apps["ticket"]
    added = add_record(tickets, app=app, record={})
    record = get_record(tickets, app=app, id=int(added["id"]))["record"]
    ticket = Ticket.objects.create()
    for name in ("title", "points", "rank", "tags", "opened", "at", "since", "owners"):
        field = Ticket._meta.fields[name]
        assert field.to_python(record[name]["value"]) == getattr(ticket, name), name


# -- what kintone fills in -------------------------------------------------------------------------


def test_a_function_is_not_sent_and_is_read_at_the_next_access(tickets):
    ticket = Ticket(number="1")
    assert (ticket.opened, ticket.at, ticket.since) == (None, None, None)
    with capture_requests(tickets) as requests:
        ticket.save()
    (sent,) = [request.params["record"] for request in requests if "record" in request.params]
    assert not {"opened", "at", "since", "owners", "teams"} & sent.keys()
    with assert_requests(1):
        assert (ticket.opened, ticket.at, ticket.since) == (NOON.date(), time(12, 30), NOON)
        assert [user.code for user in ticket.owners] == ["Administrator"]


def test_an_assigned_value_is_sent(tickets):
    ticket = Ticket(opened=date(2020, 1, 1), owners=[])
    ticket.save()
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.opened, stored.owners) == (date(2020, 1, 1), [])


def test_a_list_that_was_only_read_is_left_to_kintone(tickets):
    ticket = Ticket()
    assert ticket.owners == []
    ticket.save()
    assert [user.code for user in ticket.owners] == ["Administrator"]


def test_a_required_field_with_a_function_need_not_be_sent(tickets):
    first, second = Ticket(number="1"), Ticket(number="2")
    first.full_clean()
    Ticket.objects.bulk_create([first, second])
    assert [each.opened for each in Ticket.objects.order_by("id")] == [NOON.date()] * 2


def test_new_rows_get_them_too(tickets):
    ticket = Ticket.objects.create(steps=[Step(what="a"), {"what": "b", "day": "2020-01-01"}])
    assert [step.day for step in ticket.steps] == [NOON.date(), date(2020, 1, 1)]
    ticket.steps.append(Step(what="c"))
    ticket.save()
    assert [step.day for step in ticket.steps][2] == NOON.date()
    assert [user.code for user in ticket.steps[2].worker] == ["Administrator"]


def test_an_upsert_leaves_them_to_kintone(tickets):
    ticket, created = Ticket.objects.update_or_create(number="7", defaults={"points": 5})
    assert (created, ticket.opened) == (True, NOON.date())
    Ticket.objects.filter(pk=ticket.pk).update(opened=date(2020, 1, 1))
    again, created = Ticket.objects.update_or_create(number="7", defaults={"points": 6})
    assert (created, again.opened) == (False, date(2020, 1, 1))


def test_a_schema_does_not_ask_for_them(tickets):
    class TicketSchema(ModelSchema):
        class Meta:
            model = Ticket
            load_instance = True

    ticket = TicketSchema().load({"title": "a", "steps": [{"what": "b"}]})
    ticket.save()
    assert (ticket.opened, ticket.steps[0].day) == (NOON.date(), NOON.date())
    with pytest.raises(marshmallow.ValidationError):
        TicketSchema().load({"opened": None})


# -- tuples ----------------------------------------------------------------------------------------


def test_a_tuple_becomes_a_list_of_each_instance():
    one, two = Ticket(), Ticket()
    one.tags.append("red")
    one.watchers.append(User("sato"))
    assert (one.tags, two.tags, Ticket().tags) == (["green", "red"], ["green"], ["green"])
    assert two.watchers == [User("Administrator")]


def test_rows_of_a_tuple_are_copied_for_each_instance():
    one = Ticket()
    one.steps[0].what = "changed"
    one.steps[1].what = "changed"
    assert [step.what for step in Ticket().steps] == ["look", "mend"]
