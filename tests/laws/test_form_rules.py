"""Law: a save refuses exactly the values that kintone refuses, although the model has no rules."""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import ValidationError
from kintone_orm.testing import capture_requests, emulate

NAMES = st.sampled_from("ABC")
OPTIONS = {"options": {name: {"label": name, "index": str(n)} for n, name in enumerate("AB")}}
TEXTS = st.sampled_from(["", " ", "a", "ab", "abcd", "abcde", "😀", "😀😀", "😀😀😀", "\n"])
NUMBERS = st.sampled_from([None, "0", "-0", "1", "1.00001", "0.99999", "5", "5.00001", "1e1"])
DATES = st.sampled_from([None, "2026-01-01"])


def settings(**choices):
    """Return a strategy of settings, each of which may be missing."""
    optional = {name: st.sampled_from(values) for name, values in choices.items()}
    return st.fixed_dictionaries({}, optional=optional | {"required": st.booleans()})


LENGTHS = settings(minLength=["1", "2"], maxLength=["2", "4"], defaultValue=["abc"]).filter(
    lambda chosen: not ("defaultValue" in chosen and chosen.get("maxLength") == "2")
)
# By type: the field of a model, the settings of the form, and the values of a record.
KINDS = {
    "SINGLE_LINE_TEXT": (fields.SingleLineTextField, LENGTHS, TEXTS),
    "MULTI_LINE_TEXT": (fields.MultiLineTextField, settings(defaultValue=["x"]), TEXTS),
    "NUMBER": (
        fields.NumberField,
        settings(minValue=["0", "1"], maxValue=["5"], defaultValue=["2"]),
        NUMBERS,
    ),
    "DATE": (fields.DateField, settings(defaultNowValue=[True]), DATES),
    "DROP_DOWN": (fields.DropDownField, settings(defaultValue=["A"]), st.none() | NAMES),
    "RADIO_BUTTON": (fields.RadioButtonField, settings(defaultValue=["A"]), NAMES),
    "CHECK_BOX": (
        fields.CheckBoxField,
        settings(defaultValue=[["A"]]),
        st.lists(NAMES, unique=True),
    ),
}


@st.composite
def definitions(draw, prefix):
    kinds = draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=4))
    return {
        f"{prefix}{n}": {"type": kind}
        | draw(KINDS[kind][1])
        | (OPTIONS if kind in ("DROP_DOWN", "RADIO_BUTTON", "CHECK_BOX") else {})
        for n, kind in enumerate(kinds)
    }


def declared(form):
    return {code: KINDS[field["type"]][0]() for code, field in form.items()}


def values_of(form):
    values = {code: KINDS[field["type"]][2] for code, field in form.items()}
    return st.fixed_dictionaries({}, optional=values)


def places(save, connection):
    """Return the places of the refused values, and the methods of the requests."""
    with capture_requests(connection) as requests:
        try:
            save()
        except ValidationError as error:
            return set(error.errors), {request.method for request in requests}
    return set(), {request.method for request in requests}


def changed(model, stored, values, rows):
    """Return a new record, or the stored one, with these values and new rows after its first."""
    record = model() if stored is None else model.objects.get(pk=stored)
    for name, value in values.items():
        setattr(record, name, value)
    record.lines = [*list(record.lines)[:1], *rows]
    return record


@given(st.data(), definitions("f"), definitions("c"))
def test_a_save_refuses_what_kintone_refuses(data, form, columns):
    row_class = type("Line", (Row,), {"__module__": __name__, **declared(columns)})
    table = {"lines": fields.SubtableField(row_class)}
    options = type("Meta", (), {"app": "things"})
    names = {"__module__": __name__, "Meta": options, **declared(form), **table}
    model = type("Thing", (Model,), names)
    properties = form | {"lines": {"type": "SUBTABLE", "fields": columns}}
    with emulate(domain={"apps": {"things": {"form": {"properties": properties}}}}) as kintone:
        stored = None
        for _ in range(2):
            values = data.draw(values_of(form))
            rows = data.draw(st.lists(values_of(columns), max_size=2))
            first, second = (
                changed(model, stored, values, [row_class(**row) for row in rows]) for _ in range(2)
            )
            refused, _ = places(partial(first.save, validate=False), kintone)
            found, methods = places(partial(second.save, check_revision=False), kintone)
            assert found == refused
            assert not found or methods == {"GET"}
            stored = first.pk
