"""Comparing lookups and tables of related records with those of an app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.apps.drift.finding import Difference
from kintone_orm.apps.drift.spaces import without_spaces
from kintone_orm.fields import LookupField, ReferenceTableField
from kintone_orm.models.ground.form_definitions import copies

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from typing import TypeAlias

    from kintone_orm.apps.drift.finding import Kind
    from kintone_orm.fields import Field
    from kintone_orm.models.base import Model

    Settings: TypeAlias = Mapping[str, Any]
    # A function that returns the app of a model, or None if the connection does not know it.
    AppId: TypeAlias = Callable[[type[Model]], int | None]

__all__ = ["compare_lookup", "compare_reference_table"]

# The settings that are for people only: the name in kintone's API, and the argument of the field.
_PICKER = {"filterCond": "filter_cond", "sort": "sort", "lookupPickerFields": "display"}
_DISPLAY = {"displayFields": "display", "sort": "sort", "size": "size"}

# kintone may show the field, but not its settings, to a user who may not view the other app.
_HIDDEN = (
    "the form does not show the settings of the app's field {!r}, perhaps because you may not view "
    "the app of {}. Check as a user who may view it."
)

# The codes that kintone gives the record number at first, in a Japanese and an English domain.
_RECORD_NUMBERS = ("レコード番号", "Record_number")


def compare_lookup(
    field: Field, declared: Settings, actual: Settings, beside: Collection[str], app_id: AppId
) -> Iterator[Difference]:
    """Yield the differences between a lookup and the app's field, which may be no lookup.

    `beside` has the codes of the fields that the model declares beside the field.
    """
    theirs = actual.get("lookup")
    if "lookup" in actual and not theirs:
        if isinstance(field, LookupField):
            yield _information("lookup", _HIDDEN.format(field.code, field.target.__name__))
        return
    if not isinstance(field, LookupField):
        if theirs is not None:
            yield _information(
                "lookup",
                "the app's field is a lookup, which accepts only keys of the app "
                f"{_app_of(theirs)}. The model declares a plain field. Declare a LookupField to "
                "follow it.",
            )
        return
    if theirs is None:
        yield _drift(
            "lookup",
            f"the model declares a lookup, but the app's field {field.code!r} is not a lookup. "
            "Declare a plain field, or make it a lookup in the app.",
        )
        return
    if "lookup" not in declared:  # the other model is unknown
        return
    ours = declared["lookup"]
    yield from _compare_app("lookup", field, theirs, app_id)
    if ours["relatedKeyField"] != theirs["relatedKeyField"]:
        yield _drift(
            "lookup",
            f"the model's key is {ours['relatedKeyField']!r}, but the app's key is "
            f"{theirs['relatedKeyField']!r}. Change 'key' in the model, or change the app.",
        )
    yield from _compare_copies(copies(declared), copies(actual), beside)
    yield from _compare_for_people("lookup picker", _PICKER, field.target, ours, theirs)


def compare_reference_table(
    field: ReferenceTableField, declared: Settings, actual: Settings, app_id: AppId
) -> Iterator[Difference]:
    """Yield the differences between a table of related records and the app's."""
    if "referenceTable" not in declared:
        return
    ours, theirs = declared["referenceTable"], actual["referenceTable"]
    if not theirs:
        yield _information("related records", _HIDDEN.format(field.code, field.target.__name__))
        return
    yield from _compare_app("related records", field, theirs, app_id)
    for name, option in (("field", "key"), ("relatedField", "related")):
        code, other = ours["condition"][name], theirs["condition"][name]
        if code != other:
            yield _drift(
                "related records",
                f"the model's {option!r} is the field {code!r}, but in the app it is {other!r}. "
                f"Change {option!r} in the model, or change the app.",
            )
    if without_spaces(ours["filterCond"]) != without_spaces(theirs["filterCond"]):
        yield _drift(
            "related records",
            f"the model has the filter {ours['filterCond']!r}, but the app has "
            f"{theirs['filterCond']!r}. Change 'filter_cond' in the model, or change the app.",
        )
    yield from _compare_for_people("related records display", _DISPLAY, field.target, ours, theirs)


def _compare_app(
    kind: Kind, field: LookupField[Any] | ReferenceTableField, theirs: Settings, app_id: AppId
) -> Iterator[Difference]:
    ours, other = app_id(field.target), _app_of(theirs)
    if ours is not None and str(ours) != other:
        yield _drift(
            kind,
            f"the model refers to {field.target.__name__} (app {ours}), but the app's field refers "
            f"to the app {other}. Name another model, or change the app.",
        )


def _compare_copies(
    ours: Mapping[str, str], theirs: Mapping[str, str], beside: Collection[str]
) -> Iterator[Difference]:
    """Compare the copies, which are the copied fields of the other app by the fields they fill."""
    for code in dict.fromkeys([*ours, *theirs]):
        source, other = ours.get(code), theirs.get(code)
        if source == other:
            continue
        if source is None and code not in beside:
            yield _information(
                "lookup",
                f"the app copies {other!r} into {code!r}, which the model does not declare. "
                "Declare the field, and add it to 'copies', to read it.",
            )
            continue
        sides = [
            "copies nothing" if copied is None else f"copies {copied!r}"
            for copied in (source, other)
        ]
        yield _drift(
            "lookup",
            f"the model {sides[0]} into {code!r}, but the app {sides[1]}. Change 'copies' in the "
            "model, or change the app.",
        )


def _compare_for_people(
    kind: Kind, options: Mapping[str, str], source: type[Model], ours: Settings, theirs: Settings
) -> Iterator[Difference]:
    if not ours.get("sort") and theirs.get("sort") in _orders_by_kintone(source):
        theirs = {**theirs, "sort": ""}
    for name, option in options.items():
        value, other = ours.get(name) or None, theirs.get(name) or None
        is_filter = name == "filterCond"
        if value != other and not (is_filter and without_spaces(value) == without_spaces(other)):
            shown = ["nothing" if side is None else repr(side) for side in (value, other)]
            yield _information(
                kind,
                f"the model has {option}={shown[0]}, but the app has {shown[1]}. Change "
                f"{option!r} in the model, or change the app.",
            )


def _orders_by_kintone(source: type[Model]) -> list[str]:
    """Return the orders that kintone itself sets: by the record number, newest first."""
    fields = source._meta.fields.values()
    declared = [field.code for field in fields if field.kintone_type == "RECORD_NUMBER"]
    return [f"{code} desc" for code in (*declared, *_RECORD_NUMBERS)]


def _app_of(theirs: Settings) -> str:
    return str(theirs["relatedApp"]["app"])


def _drift(kind: Kind, text: str) -> Difference:
    return Difference(kind, True, text)


def _information(kind: Kind, text: str) -> Difference:
    return Difference(kind, False, text)
