"""Lookups keyed by the other record's number, or by a link."""

from __future__ import annotations

import pytest

from kintone_orm import Model, Row, connections, fields
from kintone_orm.api.apps import add_app
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.api.form import add_form_fields
from kintone_orm.apps import deploy
from kintone_orm.exceptions import FieldError, ImproperlyConfigured, LookupSourceNotFound
from kintone_orm.fields.related_record import id_of
from kintone_orm.testing import assert_requests, emulate


class Machine(Model):
    number = fields.RecordNumberField("Record_number")
    name = fields.SingleLineTextField()
    page = fields.LinkField(unique=True)
    repairs = fields.ReferenceTableField("Repair", key="number", related="machine_number")
    letters = fields.ReferenceTableField("Letter", key="number", related="machine_number")


class Part(Row):
    machine = fields.LookupField(Machine, key="number", copies={"name": "name"})
    name = fields.SingleLineTextField("部品名")


class Repair(Model):
    machine_number = fields.LookupField(
        Machine, key="number", copies={"machine_name": "name", "shown": "number"}
    )
    machine = fields.RelatedRecord("machine_number", to=Machine)
    machine_name = fields.SingleLineTextField()
    shown = fields.SingleLineTextField()
    parts = fields.SubtableField(Part)


class Letter(Model):
    machine_number = fields.SingleLineTextField()  # as people see it
    machine = fields.RelatedRecord("machine_number", to=Machine, key="number")


class Visit(Model):
    page = fields.LookupField(Machine, key="page", copies={"machine_name": "name"})
    machine = fields.RelatedRecord("page", to=Machine)
    machine_name = fields.SingleLineTextField()


@pytest.fixture(params=["", "APP"], ids=["no code", "an app code"])
def machines(request):
    with emulate(Repair, Letter, Visit) as connection:
        if request.param:
            connection.emulator.set_app_code(Machine._meta.app_id(connection), request.param)
        yield [
            Machine.objects.create(name=name, page=f"https://e.example/{name}") for name in "abc"
        ]


def test_the_value_is_the_number_and_copies_what_it_says(machines):
    repair = Repair.objects.create(machine_number=machines[1].pk)
    assert (repair.machine_number, repair.machine_name) == (2, "b")
    assert repair.shown == machines[1].number
    assert Repair.objects.get(machine_number=2).machine_number == 2


def test_a_record_stands_for_its_number(machines):
    repair = Repair.objects.create(machine=machines[2])
    assert (repair.machine_number, repair.machine_name) == (3, "c")
    assert Repair.objects.get(machine=machines[2]) == repair


def test_the_other_record_is_found_by_its_number(machines):
    Repair.objects.bulk_create([Repair(machine_number=number) for number in (1, 2, 1, None)])
    with assert_requests(2):
        found = [repair.machine and repair.machine.name for repair in Repair.objects.all()]
    assert found == ["a", "b", "a", None]
    with assert_requests(2):
        repairs = list(Repair.objects.select_related("machine"))
    with assert_requests(0):
        assert repairs[1].machine.name == "b"


def test_one_that_is_gone(machines):
    repair = Repair.objects.create(machine_number=1)
    machines[0].delete()
    with pytest.raises(Machine.DoesNotExist):
        _ = Repair.objects.get(pk=repair.pk).machine
    with pytest.raises(LookupSourceNotFound):
        Repair.objects.create(machine_number=99)


def test_filters_across(machines):
    Repair.objects.bulk_create([Repair(machine_number=number) for number in (1, 2, 1)])
    inner = Machine.objects.filter(name="a")
    assert [repair.pk for repair in Repair.objects.filter(machine_number__in=inner)] == [1, 3]
    assert [repair.pk for repair in Repair.objects.filter(machine__in=inner)] == [1, 3]
    assert [repair.pk for repair in Repair.objects.exclude(machine=machines[0])] == [2]
    assert [repair.pk for repair in Repair.objects.filter(machine_number__gt=1)] == [2]


def test_the_records_that_refer_to_it(machines):
    Repair.objects.bulk_create([Repair(machine_number=number) for number in (1, 2, 1)])
    assert [repair.pk for repair in machines[0].repairs.all()] == [1, 3]
    assert machines[2].repairs.create().machine_number == 3
    with assert_requests(2):
        found = list(Machine.objects.prefetch_related("repairs"))
        assert [[repair.pk for repair in item.repairs.all()] for item in found] == [
            [1, 3],
            [2],
            [4],
        ]
    with assert_requests(0):
        assert found[0].repairs.all()[0].machine is found[0]


def test_in_a_row(machines):
    repair = Repair.objects.create(parts=[Part(machine=machines[1].pk)])
    (part,) = Repair.objects.get(pk=repair.pk).parts
    assert (part.machine, part.name) == (2, "b")
    assert Repair.objects.filter(parts__machine=2).count() == 1


def test_a_text_may_hold_the_number_as_people_see_it(machines):
    for held in (machines[1].number, "2", "x", ""):
        Letter.objects.create(machine_number=held)
    one, two, three, four = Letter.objects.all()
    with assert_requests(1):
        assert (one.machine, two.machine, four.machine) == (machines[1], machines[1], None)
    with pytest.raises(Machine.DoesNotExist):
        _ = three.machine
    assert one in Letter.objects.filter(machine=machines[1])
    assert one in machines[1].letters.all()
    letter = Letter.objects.create(machine=machines[0])
    assert letter.machine_number == machines[0].number


def test_a_link_is_a_key_as_a_text_is(machines):
    visit = Visit.objects.create(page="https://e.example/b")
    assert visit.machine_name == "b"
    assert visit.machine == machines[1]
    assert Visit.objects.filter(machine=machines[1]).count() == 1
    assert Visit.objects.filter(page__in=Machine.objects.filter(name="b")).count() == 1
    with assert_requests(2):
        assert [visit.machine.name for visit in Visit.objects.select_related("machine")] == ["b"]


def test_what_is_no_number_is_refused_at_once(machines):
    with pytest.raises(FieldError, match="takes a number"):
        Repair(machine_number="APP-2")


def test_deploy_finds_its_own_app_as_it_should_be(machines):
    before = deploy(Repair, Visit)
    assert deploy(Repair, Visit) == before


def test_deploy_takes_a_link_for_what_it_is_where_the_app_has_a_lookup(machines):
    class Plain(Model):
        page = fields.LinkField()

        class Meta:
            app = "visit"

    assert deploy(Plain) == {"visit": Visit._meta.app_id(connections.resolve(None))}


def test_a_field_that_holds_no_number_cannot_refer_by_one():
    class Wrong(Model):
        day = fields.DateField()
        machine = fields.RelatedRecord("day", to=Machine, key="number")

    with pytest.raises(ImproperlyConfigured, match="record number"):
        _ = Wrong.machine.key_field


def test_an_app_may_keep_the_number_as_text(machines):
    connection = connections.resolve(None)
    emulator_app = add_app(connection, name="texts")["app"]
    lookup = {
        "relatedApp": {"app": Machine._meta.app_id(connection)},
        "relatedKeyField": "Record_number",
        "fieldMappings": [],
        "lookupPickerFields": [],
    }
    definition = {"type": "SINGLE_LINE_TEXT", "code": "machine", "label": "m", "lookup": lookup}
    add_form_fields(connection, app=emulator_app, properties={"machine": definition})
    deploy_apps(connection, apps=[{"app": emulator_app}])
    get_deploy_status(connection, apps=[emulator_app])

    class Old(Model):
        machine = fields.LookupField(Machine, key="number")
        found = fields.RelatedRecord("machine", to=Machine)

        class Meta:
            app = int(emulator_app)

    old = Old.objects.create(machine=2)
    assert (old.found, Old.objects.get(machine=2).machine) == (machines[1], 2)
    assert Old.objects.filter(found=machines[1]).count() == 1
    old.found = machines[0]
    old.save()
    assert Old.objects.get().machine == 1
    deploy(Old)


@pytest.mark.parametrize(
    ("number", "id_"),
    [("12", 12), ("APP-12", 12), ("A-B-7", 7), (5, 5), ("APP", None), ("1.5", None)],
)
def test_the_id_in_a_number(number, id_):
    assert id_of(number) == id_
