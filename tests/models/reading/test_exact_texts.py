"""kintone compares 64 characters of a text, without blanks at its end; filters compare the rest."""

from __future__ import annotations

import pytest
from marshmallow.validate import Length

from kintone_orm import Model, Q, Row, fields
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.api.form import update_form_fields
from kintone_orm.exceptions import FieldError, NotSupportedError, UniqueViolation
from kintone_orm.models.ground.app_forms import read_form
from kintone_orm.testing import assert_requests, emulate

LONG = "x" * 64
A, B = LONG + "A", LONG + "B"


class Line(Row):
    item = fields.SingleLineTextField()


class Note(Model):
    title = fields.SingleLineTextField()
    site = fields.LinkField()
    code = fields.SingleLineTextField(unique=True)
    short = fields.SingleLineTextField(validators=[Length(max=64)])
    rank = fields.NumberField()
    lines = fields.SubtableField(Line)


@pytest.fixture
def notes():
    with emulate(Note) as connection:
        yield connection


def add(*titles):
    Note.objects.bulk_create([Note(title=title, rank=n) for n, title in enumerate(titles)])


def titles(queryset):
    return [note.title for note in queryset]


# -- 64 characters and more -----------------------------------------------------------------------


@pytest.mark.parametrize("asked", [LONG, A, B])
def test_of_texts_that_begin_alike_the_one_is_found_that_was_asked_for(notes, asked):
    add(LONG, A, B, "a", "")
    with assert_requests(1):
        assert titles(Note.objects.filter(title=asked)) == [asked]
    with assert_requests(1):
        assert Note.objects.get(title=asked).title == asked
    with assert_requests(1):
        assert Note.objects.filter(title=asked).first().title == asked
    with assert_requests(1):
        assert Note.objects.filter(title=asked).last().title == asked


def test_several_of_which_one_is_long_and_one_is_blank(notes):
    add(LONG, A, B, "a", "")
    assert titles(Note.objects.filter(title__in=[A, "a"])) == [A, "a"]
    assert titles(Note.objects.filter(title__in=[A, ""])) == [A, ""]


def test_a_link_likewise(notes):
    urls = [f"https://e.example/{'x' * 60}{end}" for end in "AB"]
    Note.objects.bulk_create([Note(site=url) for url in urls])
    assert [note.site for note in Note.objects.filter(site=urls[1])] == urls[1:]


def test_none_of_those_found_is_the_one(notes):
    add(A, B)
    assert titles(Note.objects.filter(title=LONG)) == []
    assert Note.objects.filter(title=LONG).first() is None
    with pytest.raises(Note.DoesNotExist):
        Note.objects.get(title=LONG)


def test_get_reads_on_until_it_has_two_or_all(notes):
    add(*[B] * 501, A)
    with assert_requests(2):
        assert Note.objects.get(title=A).title == A
    add(A)
    with pytest.raises(Note.MultipleObjectsReturned):
        Note.objects.get(title=A)
    with assert_requests(2):
        assert Note.objects.filter(title=A).first().title == A
    with assert_requests(1):
        assert Note.objects.filter(title=B).first().title == B


def test_get_in_an_order_of_its_own_reads_by_id(notes):
    add(B, A)
    with assert_requests(1):
        assert Note.objects.order_by("-rank").get(title=A).title == A


def test_get_or_create_adds_what_only_begins_alike(notes):
    add(A)
    assert Note.objects.get_or_create(title=A)[1] is False
    note, created = Note.objects.get_or_create(title=B)
    assert (note.title, created) == (B, True)


def test_the_field_is_asked_for_besides_and_not_given(notes):
    add(A, B)
    assert list(Note.objects.filter(title=A).values_list("rank", flat=True)) == [0]
    (note,) = Note.objects.filter(title=B).only("rank")
    assert note.get_deferred_fields() >= {"title"}


def test_contains_compares_again_as_well(notes):
    add(A, B)
    one, other = Note.objects.all()
    asked = Note.objects.filter(title=A).order_by("rank")
    with assert_requests(2):
        assert (asked.contains(one), asked.contains(other)) == (True, False)


def test_with_others_beside_it_and_in_any_order(notes):
    add(A, B, A)
    assert [n.rank for n in Note.objects.filter(title=A, rank__gte=0).order_by("-rank")] == [2, 0]
    assert titles(Note.objects.filter(Q(rank=1) | Q(rank=2), title=A)) == [A]


def test_as_the_value_of_another_queryset(notes):
    add(A, B)
    inner = Note.objects.filter(rank=0).values_list("title", flat=True)
    assert titles(Note.objects.filter(title__in=inner)) == [A]
    with pytest.raises(NotSupportedError, match="in exclude"):
        list(Note.objects.exclude(title__in=inner))


@pytest.mark.parametrize(
    ("refused", "where"),
    [
        (lambda notes: notes.count(), "by count"),
        (lambda notes: notes.exists(), "by exists"),
        (lambda notes: notes.update(rank=1), "by update"),
        (lambda notes: notes.delete(), "by delete"),
        (lambda notes: list(notes[:5]), "in a slice"),
        (lambda notes: notes[0], "in a slice"),
        (lambda notes: notes[:5].explain(), "in a slice"),
        (lambda notes: notes.order_by("rank").first(), "in an order of its own"),
        (lambda notes: notes.latest("rank"), "by earliest() and latest()"),
        (lambda notes: notes | Note.objects.filter(rank=1), "under |"),
        (lambda notes: notes.filter(Q(title=A) | Q(rank=1)), "under |"),
        (lambda notes: Note.objects.exclude(title=A), "in exclude"),
        (lambda notes: Note.objects.filter(~Q(title=A)), "in exclude"),
        (lambda notes: Note.objects.filter(lines__item=A), "of a table"),
    ],
)
def test_what_counts_or_writes_what_kintone_finds_is_refused(notes, refused, where):
    add(A, B)
    with assert_requests(0), pytest.raises(NotSupportedError) as error:
        refused(Note.objects.filter(title=A))
    assert where in str(error.value)
    assert "raw()" in str(error.value)
    assert titles(Note.objects.all()) == [A, B]


def test_raw_is_the_way_out(notes):
    add(A, B)
    assert Note.objects.raw(f'title = "{A}"').count() == 2


def test_explain_says_so(notes):
    plan = Note.objects.filter(title=A).only("rank").explain()
    assert plan.fields == ("$id", "$revision", "rank", "title")
    assert any("compared again" in note for note in plan.notes)
    assert not any(
        "compared again" in note for note in Note.objects.filter(title="a").explain().notes
    )


@pytest.mark.parametrize("name", ["code", "short"])
def test_a_field_that_cannot_be_longer_is_exact_everywhere(notes, name):
    Note.objects.create(**{name: LONG})
    Note.objects.create(**{name: "y" * 64})
    asked = Note.objects.filter(**{name: LONG})
    assert (asked.count(), asked.exists(), len(asked[:5])) == (1, True, 1)
    assert Note.objects.exclude(**{name: LONG}).count() == 1
    assert asked.update(rank=5) == 1
    with assert_requests(0):
        assert list(Note.objects.filter(**{name: A})) == []
    assert Note.objects.exclude(**{name: A}).count() == 2


@pytest.mark.parametrize("known", [True, False])
def test_the_form_may_know_that_a_field_is_short(notes, known):
    add(LONG, "y" * 64)
    app = Note._meta.app_id(notes)
    definition = {"title": {"type": "SINGLE_LINE_TEXT", "maxLength": "64"}}
    update_form_fields(notes, app=app, properties=definition)
    deploy_apps(notes, apps=[{"app": app}])
    while get_deploy_status(notes, apps=[app])["apps"][0]["status"] == "PROCESSING":
        pass
    notes.forms.clear()
    notes.short_texts.clear()
    if known:
        read_form(notes, app)
    with assert_requests(1 if known else 2):  # the form is asked for once
        assert Note.objects.filter(title=LONG).count() == 1
    with assert_requests(1):
        assert titles(Note.objects.exclude(title=LONG)) == ["y" * 64]
    with assert_requests(0):
        assert Note.objects.filter(title=A).count() == 0
    assert titles(Note.objects.filter(Q(title=LONG) | Q(title__in=["z", A]))) == [LONG]


def test_a_form_that_is_not_known_is_asked_once_before_anything_is_refused(notes):
    add(A)
    notes.forms.clear()
    notes.short_texts.clear()
    asked = Note.objects.filter(title=A)
    with assert_requests(1):
        assert titles(asked.all()) == [A]
    with assert_requests(1), pytest.raises(NotSupportedError):
        asked.count()
    with assert_requests(0), pytest.raises(NotSupportedError):
        asked.count()


# -- blanks at the end ----------------------------------------------------------------------------


class Stall(Model):
    code = fields.SingleLineTextField(unique=True)
    deals = fields.ReferenceTableField("Deal", key="code", related="stall_code")


class Deal(Model):
    stall_code = fields.SingleLineTextField()
    stall = fields.RelatedRecord("stall_code", to=Stall, key="code")


@pytest.mark.parametrize("asked", ["abc", "abc  "])
def test_blanks_at_the_end_do_not_count_on_either_side(notes, asked):
    add("abc", "abc ", " abc", "abc\u3000", "", "ab")
    equal = ["abc", "abc "]
    assert titles(Note.objects.filter(title=asked)) == equal
    assert titles(Note.objects.filter(title__in=[asked, "zz"])) == equal
    assert titles(Note.objects.exclude(title=asked)) == [" abc", "abc\u3000", "", "ab"]
    assert Note.objects.filter(title=asked).count() == 2
    with pytest.raises(Note.MultipleObjectsReturned):
        Note.objects.get(title=asked)


@pytest.mark.parametrize("asked", ["abc", "abc "])
def test_get_and_get_or_create_follow_it(notes, asked):
    add("abc ", "ab")
    assert Note.objects.get(title=asked).title == "abc "
    assert Note.objects.get_or_create(title=asked)[1] is False


@pytest.mark.parametrize("asked", ["abc", "abc "])
def test_update_and_delete_follow_it(notes, asked):
    add("abc", "abc ", "ab")
    assert Note.objects.filter(title=asked).update(rank=9) == 2
    assert Note.objects.filter(title=asked).delete()[0] == 2
    assert titles(Note.objects.all()) == ["ab"]


@pytest.mark.parametrize("asked", ["abc", "abc "])
def test_in_bulk_follows_it(notes, asked):
    Note.objects.create(code="abc ")
    Note.objects.create(code="ab")
    (found,) = Note.objects.in_bulk([asked], field_name="code").values()
    assert found.code == "abc "


@pytest.fixture
def deals():
    with emulate(Stall, Deal):
        Stall.objects.create(code="abc ")
        Stall.objects.create(code="ab")
        for code in ("abc", "abc  ", "ab", " "):
            Deal.objects.create(stall_code=code)
        yield Deal.objects.all()


def test_a_relation_follows_it(deals):
    one, two, three, blank = deals
    with assert_requests(1):
        assert one.stall is two.stall
        assert (one.stall.code, three.stall.code) == ("abc ", "ab")
    with assert_requests(0):
        assert blank.stall is None
    with assert_requests(2):
        assert [deal.stall and deal.stall.pk for deal in deals.select_related("stall")] == [
            1,
            1,
            2,
            None,
        ]


def test_the_records_that_refer_follow_it(deals):
    stall = Stall.objects.get(code="abc")
    assert [deal.pk for deal in stall.deals.all()] == [1, 2]
    assert [deal.pk for deal in Deal.objects.filter(stall=stall)] == [1, 2]
    assert [deal.pk for deal in Deal.objects.filter(stall__in=Stall.objects.all())] == [1, 2, 3]
    with assert_requests(2):
        stalls = list(Stall.objects.prefetch_related("deals"))
        assert [[deal.pk for deal in stall.deals.all()] for stall in stalls] == [[1, 2], [3]]
    with assert_requests(0):
        assert stalls[0].deals.all()[1].stall is stalls[0]


def test_blanks_alone_are_refused(notes):
    add("", " ")
    for asked in ({"title": " "}, {"title__in": ["a", "  "]}, {"site": " "}):
        with assert_requests(0), pytest.raises(FieldError, match="title=None|site=None"):
            Note.objects.filter(**asked)
    assert titles(Note.objects.filter(title=None)) == ["", " "]


@pytest.mark.parametrize("asked", ["abc", "abc  "])
def test_validate_unique_follows_it(notes, asked):
    Note.objects.create(code="abc ")
    with pytest.raises(UniqueViolation):
        Note(code=asked).validate_unique()
    with assert_requests(0):
        Note(code="  ").validate_unique()  # a blank, of which there may be many
