"""Options of Django's fields that are refused, as data: the name, why, and what to write instead.

`kintone_orm.models.ground.refused` has the tables for models and querysets,
`kintone_orm.query.refused_filters` those for filters; from all of them comes the page "kintone_orm
for Django users".
"""

from __future__ import annotations

import inspect
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.query.refused_filters import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OPTIONS", "refuse_options"]

_NO_FORMS = "forms are made elsewhere"
_NO_FOREIGN_KEY = "there are no foreign keys"
_BLANK = "Say `required=True` of a field that must not be blank, and nothing of the others"
_FROM_BOTH_SIDES = "Declare a `ReferenceTableField` on the other model"
_AS_IT_IS = "Leave it out"
_A_FUNCTION = "Write `validators=[...]` of the field, or `full_clean()` of the model"
_NO_DATABASE = "there is no database"
_NO_PATHS = "kintone has no fields for paths and addresses"
_NO_JSON = "kintone has no JSON fields"
_IN_TEXT = "Keep the text in a `MultiLineTextField`"
_NO_IMAGES = "kintone has no fields for images"
_INSIDE = "it is of Django's own machinery"

OPTIONS = {
    "allow_files": Refusal(_NO_PATHS, _A_FUNCTION),
    "allow_folders": Refusal(_NO_PATHS, _A_FUNCTION),
    "allow_unicode": Refusal("a text may hold any characters", _A_FUNCTION),
    "auto_created": Refusal(_INSIDE, _AS_IT_IS),
    "auto_now": Refusal("kintone notes it itself", "Declare an `UpdatedTimeField`"),
    "auto_now_add": Refusal("kintone notes it itself", "Declare a `CreatedTimeField`"),
    "blank": Refusal("kintone knows no difference between blank and null", _BLANK),
    "choices": Refusal(
        "kintone has options in fields of their own",
        "Declare a `DropDownField` or a `RadioButtonField`, for several a `CheckBoxField`",
    ),
    "db_collation": Refusal(_NO_DATABASE, _AS_IT_IS),
    "db_column": Refusal(
        "there are no columns", 'Give the field\'s code first: `NumberField("金額")`'
    ),
    "db_comment": Refusal(_NO_DATABASE, _AS_IT_IS),
    "db_constraint": Refusal(_NO_FOREIGN_KEY, _AS_IT_IS),
    "db_default": Refusal(
        "the app has its own default", "Write `default=`, or leave the field to the app's default"
    ),
    "db_index": Refusal("kintone makes its indexes itself", _AS_IT_IS),
    "db_persist": Refusal(_NO_DATABASE, _AS_IT_IS),
    "db_table": Refusal(_NO_DATABASE, _AS_IT_IS),
    "db_tablespace": Refusal(_NO_DATABASE, _AS_IT_IS),
    "decimal_places": Refusal(
        "an app rounds all of its numbers alike", "Write `number_precision` in `Meta`"
    ),
    "decoder": Refusal(_NO_JSON, _IN_TEXT),
    "editable": Refusal(_NO_FORMS, "Name the form's fields in the form"),
    "encoder": Refusal(_NO_JSON, _IN_TEXT),
    "error_messages": Refusal("messages are the validators'", _A_FUNCTION),
    "from_fields": Refusal(_NO_FOREIGN_KEY, "Name the field in `RelatedRecord`"),
    "height_field": Refusal(_NO_IMAGES, _AS_IT_IS),
    "help_text": Refusal("a form has no such text", "Write `verbose_name`, which is its label"),
    "limit_choices_to": Refusal(_NO_FOREIGN_KEY, _A_FUNCTION),
    "match": Refusal(_NO_PATHS, _A_FUNCTION),
    "max_digits": Refusal(
        "an app keeps as many digits of all of its numbers", "Write `number_precision` in `Meta`"
    ),
    "max_length": Refusal(
        "the app's form decides how long a text may be",
        "Write `validators=[Length(max=64)]`, by marshmallow, to be told before a save",
    ),
    "name": Refusal("a field is named by its attribute", _AS_IT_IS),
    "null": Refusal("kintone knows no difference between blank and null", _BLANK),
    "on_delete": Refusal(
        "kintone deletes no record with another", "Leave it out, and delete what must go"
    ),
    "output_field": Refusal("a formula's result has a format", "Write `format=` of a `CalcField`"),
    "parent_link": Refusal(
        "each model is an app of its own",
        "Say `Meta.abstract` or `Meta.proxy` of a model to share fields",
    ),
    "path": Refusal(_NO_PATHS, _A_FUNCTION),
    "primary_key": Refusal(
        "kintone gives out the ids", "Leave it out: every record has `id`; `unique=True` is a key"
    ),
    "recursive": Refusal(_NO_PATHS, _A_FUNCTION),
    "rel": Refusal(_INSIDE, _AS_IT_IS),
    "related_name": Refusal("a relation is declared on each side", _FROM_BOTH_SIDES),
    "related_query_name": Refusal("a relation is declared on each side", _FROM_BOTH_SIDES),
    "serialize": Refusal(_INSIDE, _AS_IT_IS),
    "storage": Refusal("kintone keeps the files", _AS_IT_IS),
    "swappable": Refusal(_INSIDE, _AS_IT_IS),
    "symmetrical": Refusal("there are no many-to-many tables", _FROM_BOTH_SIDES),
    "through": Refusal("there are no many-to-many tables", "Write a model for them, or a subtable"),
    "through_fields": Refusal(
        "there are no many-to-many tables", "Write a model for them, or a subtable"
    ),
    "to_field": Refusal(_NO_FOREIGN_KEY, "Write `key=`, the name of the other model's field"),
    "to_fields": Refusal(_NO_FOREIGN_KEY, "Write `key=`, the name of the other model's field"),
    "unique_for_date": Refusal("kintone prohibits duplicates field by field", _A_FUNCTION),
    "unique_for_month": Refusal("kintone prohibits duplicates field by field", _A_FUNCTION),
    "unique_for_year": Refusal("kintone prohibits duplicates field by field", _A_FUNCTION),
    "unpack_ipv4": Refusal(_NO_PATHS, _A_FUNCTION),
    "upload_to": Refusal("kintone keeps the files", _AS_IT_IS),
    "width_field": Refusal(_NO_IMAGES, _AS_IT_IS),
}


def refuse_options(cls: type, given: Mapping[str, Any]) -> None:
    """ImproperlyConfigured, with what to write, for an option of Django's that `cls` has not."""
    for name in given:
        if name in OPTIONS and name not in _taken_by(cls):
            raise ImproperlyConfigured(OPTIONS[name].sentence(f"{cls.__name__}({name}=)"))


@lru_cache(maxsize=128)
def _taken_by(cls: type) -> frozenset[str]:
    """The keyword arguments of the class's own."""
    return frozenset(
        name
        for each in cls.__mro__[:-1]
        if "__init__" in vars(each)
        for name in inspect.signature(vars(each)["__init__"]).parameters
    )
