"""Every public name of Django 5.2 is implemented, refused with what to write instead, or skipped.

`django_names.py` says how that is found out. When a name is implemented, its line goes there or in
`kintone_orm.models.ground.refused`, and `python tests/generate.py` writes the page again.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
from generators.django_names import (
    FROZEN,
    OURS,
    REFUSED,
    SKIPPED,
    frozen,
    implemented,
    refusals,
    skipped,
)
from generators.django_page import PAGE, page
from support.models.geography import City

from kintone_orm import Model, Q, fields
from kintone_orm.exceptions import FieldError, ImproperlyConfigured, NotSupportedError
from kintone_orm.fields.declaring.refused_options import OPTIONS
from kintone_orm.models import QuerySet
from kintone_orm.models.ground.refused import META, MODEL, QUERYSET
from kintone_orm.query.refused_filters import CONDITIONS, LOOKUPS
from kintone_orm.testing import assert_requests

NAMES = frozen()


def listed_as_skipped(section):
    return [name for names in skipped(section).values() for name in names]


@pytest.mark.parametrize("section", NAMES)
def test_what_is_not_here_is_refused_or_skipped(section):
    known = {*implemented(section), *refusals(section), *listed_as_skipped(section)}
    lost = [name for name in NAMES[section] if name not in known]
    assert lost == [], "list them in SKIPPED of tests/generators/django_names.py, with the reason"


@pytest.mark.parametrize("section", NAMES)
def test_what_is_here_is_not_skipped(section):
    both = [name for name in listed_as_skipped(section) if name in implemented(section)]
    assert both == [], "take them out of SKIPPED in tests/generators/django_names.py"


@pytest.mark.parametrize("section", NAMES)
def test_what_is_skipped_is_a_name_of_django_and_is_so_once(section):
    names = Counter(listed_as_skipped(section))
    assert {name: n for name, n in names.items() if n > 1 or name not in NAMES[section]} == {}


@pytest.mark.parametrize("section", NAMES)
def test_what_is_refused_is_not_skipped(section):
    assert set(refusals(section)) & set(listed_as_skipped(section)) == set()


def test_the_names_are_those_of_the_file():
    lines = [line for line in FROZEN.read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert len(lines) == len(NAMES) + sum(map(len, NAMES.values()))


@pytest.mark.parametrize("table", [QUERYSET, MODEL, CONDITIONS, LOOKUPS, META, OPTIONS])
def test_what_is_refused_is_a_name_of_django(table):
    sections = [section for section, tables in REFUSED.items() if tables is table]
    assert set(table) - {name for section in sections for name in NAMES[section]} == set()


def test_what_is_skipped_stands_in_a_section():
    assert set(SKIPPED) - set(NAMES) == set()


@pytest.mark.parametrize("section", ["Meta", "lookups"])
def test_what_is_refused_is_not_here(section):
    both = set(REFUSED[section]) & set(OURS[section])
    assert both == set(), "take them out of the table of refusals"


@pytest.mark.parametrize("name", [name for name in QUERYSET if name[:2] != "__"])
@pytest.mark.parametrize("asked", ["objects", "queryset"])
def test_a_refused_method_says_what_to_write_and_sends_nothing(kintone, name, asked):
    queryset = City.objects if asked == "objects" else City.objects.filter(population__gt=1)

    with assert_requests(0), pytest.raises(NotSupportedError) as refused:
        getattr(queryset, name)("population", kind="x")

    assert str(refused.value) == QUERYSET[name].sentence(f"QuerySet.{name}()")


@pytest.mark.parametrize("name", sorted(OPTIONS))
@pytest.mark.parametrize(
    "field", [fields.MultiLineTextField, fields.NumberField, fields.CreatedTimeField]
)
def test_a_refused_option_of_a_field_says_what_to_write(field, name):
    with pytest.raises(ImproperlyConfigured) as refused:
        field(**{name: 5})
    sentence = OPTIONS[name].sentence(f"{field.__name__}({name}=)")
    assert str(refused.value) == sentence


def test_each_of_django_s_options_is_taken_or_answered():
    assert set(NAMES["options of fields"]) <= set(OURS["options of fields"]) | set(OPTIONS)


def test_a_relation_answers_as_a_field_does():
    with pytest.raises(
        ImproperlyConfigured, match="Leave it out, and delete the other records yourself"
    ):
        fields.RelatedRecord("code", to="City", on_delete=None)
    with pytest.raises(ImproperlyConfigured, match="ReferenceTableField"):
        fields.LookupField("City", key="code", related_name="x")


def test_an_option_that_a_field_has_is_no_refused_one():
    assert fields.DropDownField(choices=["a"]).choices
    with pytest.raises(ImproperlyConfigured, match="DropDownField"):
        fields.SingleLineTextField(choices=["a"])


def test_what_nobody_knows_is_python_s_own_error():
    with pytest.raises(TypeError, match="unexpected keyword"):
        fields.NumberField(colour="red")


@pytest.mark.parametrize("name", MODEL)
def test_a_refused_method_of_an_instance_does_so_as_well(kintone, name):
    with assert_requests(0), pytest.raises(NotSupportedError) as refused:
        getattr(City(name="Kobe"), name)(exclude=[])

    assert str(refused.value) == MODEL[name].sentence(f"Model.{name}()")


@pytest.mark.parametrize("field", ["name", "visited"])
@pytest.mark.parametrize("name", LOOKUPS)
def test_a_refused_lookup_fails_at_the_call(kintone, name, field):
    with assert_requests(0), pytest.raises(FieldError) as refused:
        City.objects.exclude(**{f"{field}__{name}": 1})

    assert str(refused.value).startswith(LOOKUPS[name].sentence(f"City.{field}__{name}"))


@pytest.mark.parametrize("name", META)
def test_a_refused_option_of_meta_is_no_model(name):
    with pytest.raises(ImproperlyConfigured) as refused:
        type(Model)("Bad", (Model,), {"Meta": type("Meta", (), {name: "x"})})

    assert str(refused.value) == META[name].sentence(f"Bad.Meta.{name}")


def test_an_exclusive_or_is_refused_in_the_words_of_the_table():
    with pytest.raises(NotSupportedError) as operator:
        Q(name="a") ^ Q(name="b")
    with pytest.raises(NotSupportedError) as connector:
        Q(name="a", population=1, _connector=Q.XOR)
    with pytest.raises(NotSupportedError) as querysets:
        City.objects.none() ^ City.objects.none()

    assert str(operator.value) == CONDITIONS["__xor__"].sentence("^")
    assert str(connector.value) == CONDITIONS["XOR"].sentence("Q.XOR")
    assert str(querysets.value) == QUERYSET["__xor__"].sentence("^")


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (
            lambda: City.objects.annotate(n=1),
            (
                "QuerySet.annotate() is not supported: kintone's queries compute no values. Add a "
                "property to the model, or a calculated field to the app."
            ),
        ),
        (
            lambda: City.objects.all().select_for_update(),
            (
                "QuerySet.select_for_update() is not supported: kintone has no locks. Write "
                "save(): it sends the record's revision, and kintone refuses a stale one."
            ),
        ),
        (
            lambda: City.objects.union(City.objects.all()),
            (
                "QuerySet.union() is not supported: a query reads one app. Write a | b; for two "
                "apps, itertools.chain(a, b)."
            ),
        ),
        (
            lambda: City(name="Kobe").validate_constraints(),
            (
                "Model.validate_constraints() is not supported: an app has no constraints between "
                "fields. Write required=, unique= and validators= for a field."
            ),
        ),
    ],
)
def test_a_refusal_is_one_clear_message(ask, words):
    with pytest.raises(NotSupportedError) as refused:
        ask()
    assert str(refused.value) == words


class F:
    """Like Django's, for a program that uses Django too."""

    def __init__(self, name):
        self.name = name

    def __sub__(self, other):
        return self

    def __repr__(self):
        return f"F({self.name})"

    def resolve_expression(self):
        raise AssertionError


@pytest.mark.parametrize(
    "ask",
    [
        lambda: City.objects.filter(population=F("latitude")),
        lambda: City.objects.exclude(population__gt=F("latitude")),
        lambda: City.objects.filter(population__in=[1, F("latitude")]),
        lambda: City.objects.update(population=F("population") - 1),
        lambda: City(population=F("population")),
    ],
)
def test_an_expression_as_a_value_is_refused_with_what_to_do(kintone, ask):
    with assert_requests(0), pytest.raises(FieldError) as refused:
        ask()

    assert re.fullmatch(
        r"City\.population takes a number, not F F\(\w+\)\. kintone has no expressions\. Read "
        r"the value, compute in Python, save it\.",
        str(refused.value),
    )


def test_a_refused_name_is_found_by_who_looks_for_it():
    assert "annotate" in dir(City.objects)
    assert QuerySet.annotate.__name__ == "annotate"
    assert QuerySet.annotate.__doc__ == QUERYSET["annotate"].sentence("QuerySet.annotate()")


def test_a_queryset_of_ones_own_may_have_a_refused_name():
    class Distinct(QuerySet):
        def distinct(self):
            return "mine"

    assert Distinct(City).distinct() == "mine"


def test_the_page_has_the_tables_of_the_program():
    assert PAGE.read_text("utf-8") == page(), "run: python tests/generate.py"
