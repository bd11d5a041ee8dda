"""Law: a value of any type that is assigned and saved is read back equal."""

from __future__ import annotations

import copy
from datetime import date, datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.models.one_of_each import Shop

from kintone_orm import Model, Row, fields
from kintone_orm.testing import emulate


class Part(Row):
    part = fields.SingleLineTextField()
    part_memo = fields.MultiLineTextField()
    part_site = fields.LinkField()
    part_price = fields.NumberField()
    part_double = fields.CalcField(expression="part_price * 2")
    part_rank = fields.DropDownField(choices=["A", "B", "C"])
    part_size = fields.RadioButtonField(choices=["S", "M", "L"])
    part_tags = fields.CheckBoxField(choices=["red", "green", "blue"])
    part_days = fields.MultiSelectField(choices=["mon", "tue"])
    part_due = fields.DateField()
    part_opens = fields.TimeField()
    part_start = fields.DateTimeField()
    part_owners = fields.UserSelectField()
    part_departments = fields.OrganizationSelectField()
    part_roles = fields.GroupSelectField()
    part_shop = fields.LookupField(Shop, key="code")


class Whole(Model):
    title = fields.SingleLineTextField("件名")
    site = fields.LinkField()
    memo = fields.MultiLineTextField()
    price = fields.NumberField()
    count = fields.IntegerField()
    rank = fields.DropDownField(choices=["A", "B", "C"])
    size = fields.RadioButtonField(choices=["S", "M", "L"])
    tags = fields.CheckBoxField(choices=["red", "green", "blue"])
    days = fields.MultiSelectField(choices=["mon", "tue"])
    due = fields.DateField()
    opens = fields.TimeField()
    start = fields.DateTimeField()
    shop = fields.LookupField(Shop, key="code")
    level = fields.LookupField(Shop, key="floor")
    owners = fields.UserSelectField()
    departments = fields.OrganizationSelectField()
    roles = fields.GroupSelectField()
    parts = fields.SubtableField(Part)


# No carriage returns or blanks at the ends, which kintone may change; no half surrogates.
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20)
# Four decimals and sixteen digits: what an app keeps unless it is set to keep more.
NUMBER = st.none() | st.decimals(-(10**11), 10**11, places=4, allow_nan=False)
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
CLOCK = st.none() | st.times().map(lambda each: each.replace(second=0, microsecond=0))
MINUTES = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))
INSTANT = st.none() | MINUTES.map(
    lambda each: each.replace(second=0, microsecond=0, tzinfo=timezone.utc)
)
VALUES = {
    "title": TEXT,
    "site": st.just("") | st.integers(1, 99).map(lambda n: f"https://example.com/{n}"),
    "memo": TEXT,
    "price": NUMBER,
    "count": st.none() | st.integers(-(10**11), 10**11),
    "rank": st.none() | st.sampled_from("ABC"),
    "size": st.sampled_from("SML"),
    "tags": st.lists(st.sampled_from(["red", "green", "blue"]), unique=True),
    "days": st.lists(st.sampled_from(["mon", "tue"]), unique=True),
    "due": DAYS,
    "opens": CLOCK,
    "start": INSTANT,
    "shop": st.sampled_from(["", "s1", "s2"]),
    "level": st.sampled_from([None, 1, 2]),
    "owners": st.lists(st.sampled_from(["alice", "bob"]), unique=True),
    "departments": st.lists(st.sampled_from(["sales"]), unique=True),
    "roles": st.lists(st.sampled_from(["staff"]), unique=True),
}
SAME_IN_ROWS = ["memo", "site", "price", "rank", "size", "tags", "days", "due", "opens", "start"]
SAME_IN_ROWS += ["owners", "departments", "roles", "shop"]
CELLS = {"part": TEXT, **{f"part_{name}": VALUES[name] for name in SAME_IN_ROWS}}
THINGS = st.fixed_dictionaries({}, optional=VALUES)
ROWS = st.lists(st.fixed_dictionaries({}, optional=CELLS), max_size=3)


@pytest.fixture(scope="module")
def world():
    with emulate(Whole) as connection:
        emulator = connection.emulator
        emulator.add_organization("sales", name="Sales")
        emulator.add_group("staff", name="Staff")
        for code in ("alice", "bob"):
            emulator.add_user(code, "secret", name=code.title())
        Shop.objects.bulk_create([Shop(code=f"s{n}", floor=n) for n in (1, 2)])
        yield connection


def entities(name, value):
    """The value as it is read back: codes become users, organizations and groups."""
    plain = name.removeprefix("part_")
    if plain not in ("owners", "departments", "roles"):
        return value
    return Whole._meta.get_field(plain).coerce(value, lambda: None)


def require_same(read, given):
    for name, value in given.items():
        assert getattr(read, name) == entities(name, value), name


@examples(60)
@given(THINGS, ROWS)
def test_what_is_saved_is_read_back(world, values, rows):
    whole = Whole(**values, parts=rows)
    whole.save()
    for read in (whole, Whole.objects.get(pk=whole.pk)):
        require_same(read, values)
        assert len(read.parts) == len(rows)
        for part, cells in zip(read.parts, rows, strict=True):
            require_same(part, cells)
        assert read.changed_fields() == {}


@examples(60)
@given(THINGS, ROWS, st.data())
def test_any_edit_is_saved_and_rows_that_stay_keep_their_ids(world, values, rows, data):
    whole = Whole(**values, parts=rows)
    whole.save()
    ids = [part.id for part in whole.parts]
    order = data.draw(st.permutations(range(len(rows))))
    kept = order[: data.draw(st.integers(0, len(rows)))]
    before = list(whole.parts)
    whole.parts[:] = [before[position] for position in kept]
    for part in whole.parts:
        if data.draw(st.booleans()):
            part.part_price = data.draw(NUMBER)
    for cells in data.draw(ROWS):
        whole.parts.insert(data.draw(st.integers(0, len(whole.parts))), Part(**cells))
    wanted = copy.deepcopy(whole.parts)
    whole.save()
    read = Whole.objects.get(pk=whole.pk).parts
    assert [part.id for part in read if part.id in ids] == [ids[position] for position in kept]
    assert len({part.id for part in read}) == len(read) == len(wanted)
    for part, row in zip(read, wanted, strict=True):
        for name in CELLS:
            if row._fields[name].peek(row) is not None and name != "part_size":
                assert getattr(part, name) == getattr(row, name), name
    assert whole.parts == read


def zoned(moment, zone, fold):
    """The instant as `zone` has it; `fold` tells the two hours that are the same on the clock."""
    return moment.replace(second=0, microsecond=0, tzinfo=zone, fold=fold)


ZONES = st.sampled_from([timezone.utc, *map(ZoneInfo, ("America/New_York", "Asia/Tokyo"))])
# Instants around the nights when New York puts its clocks back, and others.
NIGHTS = st.datetimes(datetime(2025, 11, 2, 0), datetime(2025, 11, 2, 8)) | MINUTES
ZONED = st.builds(zoned, NIGHTS, ZONES, st.sampled_from([0, 1]))


@examples(80)
@given(ZONED, ZONED, ZONES)
def test_an_instant_is_changed_if_it_is_another_one_and_kept_in_any_zone(world, old, new, zone):
    world.timezone = zone
    try:
        whole = Whole(start=old, parts=[{"part_start": old}])
        whole.save()
        whole = Whole.objects.get(pk=whole.pk)
        assert whole.changed_fields() == {}
        whole.start = whole.parts[0].part_start = new
        same = old.astimezone(timezone.utc) == new.astimezone(timezone.utc)
        assert set(whole.changed_fields()) == (set() if same else {"start", "parts"})
        whole.save()
        read = Whole.objects.get(pk=whole.pk)
        for moment in (read.start, read.parts[0].part_start):
            assert moment.astimezone(timezone.utc) == new.astimezone(timezone.utc)
    finally:
        world.timezone = None


@given(NUMBER | st.from_regex(r"-?[1-9][0-9]{0,29}", fullmatch=True).map(Decimal))
def test_a_number_is_exact(number):
    sent = Whole.price.to_api(number)
    assert Whole.price.to_python(sent) == number
    assert Whole.price.to_api(Whole.price.to_python(sent)) == sent
