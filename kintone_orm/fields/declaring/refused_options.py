"""Options of Django's fields that are refused, as data: name, reason and alternative.

`kintone_orm.models.ground.refused` has the tables for models and querysets, and
`kintone_orm.query.refused_filters` the tables for filters. All these tables are the source of the
page "kintone_orm for Django users".
"""

from __future__ import annotations

import inspect
from functools import lru_cache
from typing import TYPE_CHECKING

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.query.refused_filters import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OPTIONS", "refuse_options"]

_NO_FORMS = "kintone_orm has no forms"
_NO_FOREIGN_KEY = "kintone has no foreign keys"
_BLANK = "Write `required=True` for a field that must not be blank, and no option for others"
_FROM_BOTH_SIDES = "Declare a `ReferenceTableField` on the other model"
_AS_IT_IS = "Leave it out"
_A_FUNCTION = "Write `validators=[...]` for the field, or `clean()` in the model"
_NO_DATABASE = "kintone has no SQL database to set up"
_NO_PATHS = "kintone has no fields for paths and addresses"
_NO_JSON = "kintone has no JSON fields"
_IN_TEXT = "Keep the text in a `MultiLineTextField`"
_NO_IMAGES = "kintone has no fields for images"
_INSIDE = "it is internal to Django"

OPTIONS = {
    "allow_files": Refusal(_NO_PATHS, _A_FUNCTION),
    "allow_folders": Refusal(_NO_PATHS, _A_FUNCTION),
    "allow_unicode": Refusal("a text may have any characters", _A_FUNCTION),
    "auto_created": Refusal(_INSIDE, _AS_IT_IS),
    "auto_now": Refusal("kintone sets these times itself", "Declare an `UpdatedTimeField`"),
    "auto_now_add": Refusal("kintone sets these times itself", "Declare a `CreatedTimeField`"),
    "blank": Refusal("kintone does not distinguish blank and null", _BLANK),
    "choices": Refusal(
        "kintone has separate field types for choices",
        "Declare a `DropDownField` or a `RadioButtonField`; for several choices, a `CheckBoxField`",
    ),
    "db_collation": Refusal(_NO_DATABASE, _AS_IT_IS),
    "db_column": Refusal(
        "kintone has field codes", 'Write the code as first argument: `NumberField("金額")`'
    ),
    "db_comment": Refusal(_NO_DATABASE, _AS_IT_IS),
    "db_constraint": Refusal(_NO_FOREIGN_KEY, _AS_IT_IS),
    "db_default": Refusal(
        "the app has its own default", "Write `default=`, or leave the field to the app's default"
    ),
    "db_index": Refusal("kintone creates its indexes itself", _AS_IT_IS),
    "db_persist": Refusal(_NO_DATABASE, _AS_IT_IS),
    "db_table": Refusal(_NO_DATABASE, _AS_IT_IS),
    "db_tablespace": Refusal(_NO_DATABASE, _AS_IT_IS),
    "decimal_places": Refusal(
        "an app rounds all its numbers in the same way", "Write `number_precision` in `Meta`"
    ),
    "decoder": Refusal(_NO_JSON, _IN_TEXT),
    "editable": Refusal(_NO_FORMS, "List the fields in the form class"),
    "encoder": Refusal(_NO_JSON, _IN_TEXT),
    "error_messages": Refusal("validators have their own messages", _A_FUNCTION),
    "from_fields": Refusal(_NO_FOREIGN_KEY, "Name the field in `RelatedRecord`"),
    "height_field": Refusal(_NO_IMAGES, _AS_IT_IS),
    "help_text": Refusal(
        "a form of kintone has no such text", "Write `verbose_name`, which is the label"
    ),
    "limit_choices_to": Refusal(_NO_FOREIGN_KEY, _A_FUNCTION),
    "match": Refusal(_NO_PATHS, _A_FUNCTION),
    "max_digits": Refusal(
        "an app stores all its numbers with the same digits", "Write `number_precision` in `Meta`"
    ),
    "max_length": Refusal(
        "kintone limits the length of single line texts and links only",
        "Write `validators=[Length(max=64)]`, of marshmallow, to check before a save",
    ),
    "name": Refusal("the attribute is the name of the field", _AS_IT_IS),
    "null": Refusal("kintone does not distinguish blank and null", _BLANK),
    "on_delete": Refusal(
        "kintone has no cascading deletes", "Leave it out, and delete the other records yourself"
    ),
    "output_field": Refusal(
        "the result of a formula has a format", "Write `format=` for a `CalcField`"
    ),
    "parent_link": Refusal(
        "each model is an app of its own",
        "Write `abstract` or `proxy` in `Meta` to share fields",
    ),
    "path": Refusal(_NO_PATHS, _A_FUNCTION),
    "primary_key": Refusal(
        "kintone assigns the ids", "Leave it out: every record has `id`; `unique=True` makes a key"
    ),
    "recursive": Refusal(_NO_PATHS, _A_FUNCTION),
    "rel": Refusal(_INSIDE, _AS_IT_IS),
    "related_name": Refusal("a relation is declared on each side", _FROM_BOTH_SIDES),
    "related_query_name": Refusal("a relation is declared on each side", _FROM_BOTH_SIDES),
    "serialize": Refusal(_INSIDE, _AS_IT_IS),
    "storage": Refusal("kintone stores the files", _AS_IT_IS),
    "swappable": Refusal(_INSIDE, _AS_IT_IS),
    "symmetrical": Refusal("kintone has no many-to-many tables", _FROM_BOTH_SIDES),
    "through": Refusal(
        "kintone has no many-to-many tables", "Declare a model for the pairs, or a subtable"
    ),
    "through_fields": Refusal(
        "kintone has no many-to-many tables", "Declare a model for the pairs, or a subtable"
    ),
    "to_field": Refusal(_NO_FOREIGN_KEY, "Write `key=`, the name of the other model's field"),
    "to_fields": Refusal(_NO_FOREIGN_KEY, "Write `key=`, the name of the other model's field"),
    "unique_for_date": Refusal("kintone prohibits duplicates only in a single field", _A_FUNCTION),
    "unique_for_month": Refusal("kintone prohibits duplicates only in a single field", _A_FUNCTION),
    "unique_for_year": Refusal("kintone prohibits duplicates only in a single field", _A_FUNCTION),
    "unpack_ipv4": Refusal(_NO_PATHS, _A_FUNCTION),
    "upload_to": Refusal("kintone stores the files", _AS_IT_IS),
    "width_field": Refusal(_NO_IMAGES, _AS_IT_IS),
}


def refuse_options(cls: type, options: Mapping[str, object]) -> None:
    """Raise ImproperlyConfigured for an option of Django that `cls` does not have."""
    for name in options:
        if name in OPTIONS and name not in _arguments_of(cls):
            raise ImproperlyConfigured(OPTIONS[name].sentence(f"{cls.__name__}({name}=)"))


@lru_cache(maxsize=128)
def _arguments_of(cls: type) -> frozenset[str]:
    """Return the keyword arguments of the class."""
    return frozenset(
        name
        for base in cls.__mro__[:-1]
        if "__init__" in vars(base)
        for name in inspect.signature(vars(base)["__init__"]).parameters
    )
