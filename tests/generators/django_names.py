"""Django's public names, each one implemented, refused or skipped.

The names are frozen in `contract/django_5_2_names.txt`. The refused ones are in
`kintone_orm.models.ground.refused` and `kintone_orm.query.refused_filters`; the implemented ones
are read from the running classes. This file lists the rest: the skipped names, each with a reason
or with its replacement. When one of them is implemented, delete its name here and run
`python tests/generate.py`.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

import kintone_orm
from kintone_orm import Model, Q, exceptions, fields, models, query, signals
from kintone_orm.fields.declaring.refused_options import OPTIONS
from kintone_orm.models import Manager, QuerySet
from kintone_orm.models.definition import options
from kintone_orm.models.ground import refused
from kintone_orm.query.refused_filters import CONDITIONS, LOOKUPS, Refusal
from kintone_orm.query.type_rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FROZEN = Path(__file__).parents[1] / "contract" / "django_5_2_names.txt"

# In a group of skipped names: all other names of the section.
REST = "*"

_LATER = "Not there yet"
_ASYNC = "No async twins: `await asyncio.to_thread(queryset.count)` does what `acount()` would"
_INSIDE = "Django's own machinery"
_NO_MIGRATIONS = "There are no migrations; `deploy()` makes and extends apps"
_NO_EXPRESSIONS = "There are no expressions: read, compute in Python, save"
_NO_RELATIONS = "There are no foreign keys: `LookupField` holds a key, `RelatedRecord` follows it"
_NO_DATABASE = "There is no database behind it"
_ID = "Every record has `id`, which kintone gives out"
_CONSTRAINTS = "`unique=True` of a field is all that an app has"

# The names by section and reason.
SKIPPED: dict[str, dict[str, str]] = {
    "QuerySet": {
        _ASYNC: """
            aaggregate abulk_create abulk_update acontains acount acreate adelete aearliest aexists
            aexplain afirst aget aget_or_create ain_bulk aiterator alast alatest aupdate
            aupdate_or_create
        """,
        "There are no subqueries": "resolve_expression",
    },
    "QuerySet's operators": {
        _ASYNC: "__aiter__",
    },
    "RawQuerySet": {
        "A query in kintone's own words is a part of any other: `filter(Raw(...))`": REST
    },
    "Manager": {
        "`objects.using(...)`": "db_manager",
        _NO_MIGRATIONS: "deconstruct use_in_migrations",
        _INSIDE: "auto_created check contribute_to_class creation_counter",
    },
    "Model": {
        _ASYNC: "adelete arefresh_from_db asave",
        "`from_record(record)`": "from_db",
        "`kintone_orm.apps.check()` compares models with their apps": "check",
        "In kintone a choice's label is its value": "get_FOO_display",
        '`filter(due__gt=order.due).order_by("due").first()`': """
            get_next_by_FOO get_previous_by_FOO
        """,
        "`getattr(order, name)`": "serializable_value",
        _CONSTRAINTS: "date_error_message get_constraints unique_error_message",
        _INSIDE: "prepare_database_save save_base",
    },
    "Meta": {
        _LATER: "base_manager_name",
        _NO_DATABASE: """
            db_table_comment db_tablespace required_db_features required_db_vendor select_on_save
        """,
        _NO_RELATIONS: "default_related_name",
        "Permissions are set in kintone": "default_permissions",
        _INSIDE: "apps auto_created swappable",
    },
    "_meta": {_INSIDE: REST},
    "Q": {
        _LATER: "check",
        _INSIDE: """
            add conditional connectors copy create deconstruct default identity negate
            referenced_base_fields replace_expressions resolve_expression
        """,
    },
    "F": {_NO_EXPRESSIONS: REST},
    "lookups": {
        "kintone has no JSON fields": "contained_by has_any_keys has_key has_keys",
    },
    "signals": {
        "Python's own `__init__` and `__init_subclass__`": "class_prepared post_init pre_init",
        _NO_RELATIONS: "m2m_changed",
        _NO_MIGRATIONS: "post_migrate pre_migrate",
    },
    "django.db.models": {
        "kintone counts, and computes nothing else: see `aggregate`": (
            "Aggregate Avg Count Max Min StdDev Sum Variance"
        ),
        _ASYNC: "aprefetch_related_objects",
        "`SingleLineTextField`": """
            CharField CommaSeparatedIntegerField FilePathField GenericIPAddressField IPAddressField
            SlugField UUIDField
        """,
        "`MultiLineTextField`": "JSONField TextField",
        "`LinkField`": "EmailField URLField",
        "`IntegerField`": """
            BigIntegerField PositiveBigIntegerField PositiveIntegerField PositiveSmallIntegerField
            SmallIntegerField
        """,
        "`NumberField`": "DecimalField DurationField FloatField",
        "`CheckBoxField` or `RadioButtonField`": "BooleanField NullBooleanField",
        "`FileField`": "BinaryField ImageField",
        _ID: "AutoField BigAutoField CompositePrimaryKey SmallAutoField",
        "`CalcField`": "GeneratedField",
        _NO_RELATIONS: """
            ForeignKey ForeignObject ForeignObjectRel ManyToManyField ManyToManyRel ManyToOneRel
            OneToOneField OneToOneRel
        """,
        "Deletion never cascades: delete what must go": """
            CASCADE DO_NOTHING PROTECT ProtectedError RESTRICT RestrictedError SET SET_DEFAULT
            SET_NULL
        """,
        _CONSTRAINTS: "BaseConstraint CheckConstraint Deferrable UniqueConstraint",
        "kintone makes its indexes itself": "Index",
        "`choices=` takes a list of texts, or an Enum": "Choices IntegerChoices TextChoices",
        _NO_EXPRESSIONS: """
            Case Exists Expression ExpressionList ExpressionWrapper F FilteredRelation Func Lookup
            OuterRef RowRange Subquery Transform Value ValueRange When Window WindowFrame
            WindowFrameExclusion
        """,
        '`order_by("-due")`': "OrderBy",
        _INSIDE: "BLANK_CHOICE_DASH DEFERRED Empty NOT_PROVIDED OrderWrt",
    },
    "django.db.models.functions": {_NO_EXPRESSIONS: REST},
}

# The table of refused names of each section.
REFUSED: dict[str, Mapping[str, Refusal]] = {
    "QuerySet": refused.QUERYSET,
    "QuerySet's operators": refused.QUERYSET,
    "Model": refused.MODEL,
    "Meta": refused.META,
    "Q": CONDITIONS,
    "Q's operators": CONDITIONS,
    "lookups": LOOKUPS,
    "options of fields": OPTIONS,
}


def frozen() -> dict[str, list[str]]:
    """Django's names, by section."""
    text = FROZEN.read_text("utf-8")
    sections = re.findall(r"^\[(.+)\]\n((?:.+\n?)+)", text, re.MULTILINE)
    return {section: names.split() for section, names in sections}


def _have(*owners: object) -> set[str]:
    """The public names of classes (without those of `object`), modules or instances."""
    names: set[str] = set()
    for owner in owners:
        if inspect.ismodule(owner):
            names |= set(owner.__all__)
        elif inspect.isclass(owner):
            names |= {name for cls in owner.__mro__[:-1] for name in vars(cls)}
        else:
            names |= set(dir(owner)) - set(dir(object))
    return names


def _options_of_fields() -> set[str]:
    """The keyword arguments of fields and relations."""
    declared = [getattr(fields, name) for name in fields.__all__]
    bases = (fields.base.Field, fields.RelatedRecord)
    kinds = [value for value in declared if inspect.isclass(value) and issubclass(value, bases)]
    named = [inspect.signature(kind.__init__).parameters for kind in kinds]
    return {name for names in (*named, fields.base.FieldOptions.__annotations__) for name in names}


class _Sample(Model):
    """A model without fields, to read the names of a model from."""


def _ours() -> dict[str, Iterable[str]]:
    """The public names of the package by section, Django's names and others."""
    return {
        "QuerySet": _have(QuerySet),
        "QuerySet's operators": _have(QuerySet),
        "Manager": _have(Manager),
        "Model": _have(_Sample),
        "Meta": options._KNOWN,
        "_meta": _have(_Sample._meta),
        "Q": _have(Q),
        "Q's operators": _have(Q),
        "signals": _have(signals),
        "options of fields": _options_of_fields(),
        "lookups": {name for rules in RULES.values() for name in rules.lookups},
        "django.db.models": _have(kintone_orm, exceptions, fields, models, query),
    }


OURS = _ours()


def names_in(section: str, names: str) -> list[str]:
    """The names of a group of `SKIPPED`."""
    if names != REST:
        return names.split()
    taken = {*implemented(section), *refusals(section)}
    taken |= {
        name for group in SKIPPED[section].values() if group != REST for name in group.split()
    }
    return [name for name in frozen()[section] if name not in taken]


def implemented(section: str) -> list[str]:
    """The names of the section that are implemented as in Django."""
    ours = set(OURS.get(section, ())) - set(REFUSED.get(section, ()))
    return [name for name in frozen()[section] if name in ours]


def refusals(section: str) -> dict[str, Refusal]:
    """The names of the section that are refused."""
    table = REFUSED.get(section, {})
    return {name: table[name] for name in frozen()[section] if name in table}


def skipped(section: str) -> dict[str, list[str]]:
    """The names of the section that do not exist here, by reason."""
    groups = SKIPPED.get(section, {})
    return {reason: names_in(section, names) for reason, names in groups.items()}


def besides(section: str) -> list[str]:
    """The public names of the section that Django does not have."""
    if section not in {"QuerySet", "Model", "Meta", "lookups"}:
        return []  # sections without public names of ours, or with names that the reference lists
    return sorted(name for name in {*OURS[section]} - {*frozen()[section]} if name[0] != "_")
