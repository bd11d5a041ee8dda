"""Prefetch: related records read along with the records that name them, instead of one by one."""

from __future__ import annotations

from inspect import getattr_static
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError
from kintone_orm.fields.reference_table import ReferenceTableField
from kintone_orm.models.record.row_shapes import Instances
from kintone_orm.models.relations.backward import fetch_referring
from kintone_orm.models.relations.forward import fetch_related

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeAlias

    from kintone_orm.fields.related_record import RelatedRecord
    from kintone_orm.models.ground.protocols import Meta, RelatedRecords
    from kintone_orm.models.record.instance import Instance
    from kintone_orm.models.relations.forward import Known

    Branches: TypeAlias = "dict[str, Branch]"

__all__ = [
    "Prefetch",
    "follow",
    "holders",
    "plan",
    "prefetch_related_objects",
    "require_single",
]


class Prefetch:
    """A relation for `prefetch_related`, with the records to choose from, and where to put them.

    `lookup` is a name, or a path such as ``"customer__region"``. `queryset` narrows, orders or
    prefetches the records at its end; it may use `only`, but no slice and no `values`. `to_attr`
    is the attribute in which the records put them: a list, or the one record or None.
    """

    def __init__(
        self, lookup: str, queryset: RelatedRecords | None = None, to_attr: str | None = None
    ) -> None:
        if queryset is not None and not isinstance(queryset._query.shape, Instances):
            raise ValueError("Prefetch querysets cannot use values() and values_list().")
        self.lookup = lookup
        self.queryset = queryset
        self.to_attr = to_attr

    @property
    def query(self) -> Any:
        """The query of `queryset`, or None."""
        return None if self.queryset is None else self.queryset._query

    @property
    def prefetch_to(self) -> str:
        """The path to where the records are put."""
        through, separator, last = self.lookup.rpartition("__")
        return f"{through}{separator}{self.to_attr or last}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Prefetch) and self.prefetch_to == other.prefetch_to

    def __hash__(self) -> int:
        return hash((Prefetch, self.prefetch_to))

    def __repr__(self) -> str:
        return f"<Prefetch {self.lookup!r} to {self.prefetch_to!r}>"

    def __getstate__(self) -> dict[str, Any]:
        """Without the records, which a pickle would read."""
        queryset = None if self.queryset is None else self.queryset._without_rows()
        return vars(self) | {"queryset": queryset}


class Branch:
    """A relation that is followed, and what is followed from its records on."""

    __slots__ = ("children", "known", "records", "relation")

    def __init__(self, relation: RelatedRecord[Any] | ReferenceTableField) -> None:
        self.relation = relation
        self.records: RelatedRecords | None = None
        self.children: Branches = {}
        # What other pages of the same reading have found, as long as somebody holds it.
        self.known: Known = {}

    @property
    def holder(self) -> str:
        """The name of the field that holds the key, on the side that is there already."""
        relation = self.relation
        return relation.key_name if isinstance(relation, ReferenceTableField) else relation.field

    def follow(self, name: str, instances: Sequence[Instance]) -> list[Instance]:
        """The related records, put under `name`."""
        relation = self.relation
        if isinstance(relation, ReferenceTableField):
            return fetch_referring(relation, name, instances, records=self._choice())
        return fetch_related(relation, name, instances, records=self._choice(), known=self.known)

    def _choice(self) -> RelatedRecords | None:
        """The records to choose from, with the keys that the next branches need."""
        records = self.records
        if self.children and records is not None:
            query = records._query
            for name in holders(self.children):
                query = query.including(name)
            records = records._asking(query)
        return records


def plan(model: type[Instance], lookups: Iterable[str | Prefetch]) -> Branches:
    """The relations to follow from records of `model`, by where their records are put.

    FieldError for a name that is none; ValueError for two querysets for the same place.
    """
    branches: Branches = {}
    for lookup in lookups:
        each = Prefetch(lookup) if isinstance(lookup, str) else lookup
        if not isinstance(each, Prefetch):
            raise FieldError(f"prefetch_related() takes names and Prefetch, not {each!r:.80}.")
        _add(branches, model, each)
    return branches


def require_single(model: type[Instance], names: Iterable[str]) -> None:
    """FieldError if one of the paths `names` is none, or leads to many records at once."""
    for name in names:
        if not isinstance(name, str):
            raise FieldError(f"select_related() takes names, not {name!r:.80}.")
        end: Any = model
        for part in name.split("__"):
            relation = relation_of(end._meta, part)
            if isinstance(relation, ReferenceTableField):
                raise FieldError(
                    f"select_related() gives one record for each, and {relation} is many: write "
                    f"prefetch_related({name!r})."
                )
            end = relation.target


def follow(branches: Branches, instances: Sequence[Instance]) -> None:
    """Read the related records of `instances`, and theirs, and put them there."""
    for name, branch in branches.items():
        found = branch.follow(name, instances) if instances else []
        follow(branch.children, found)


def holders(branches: Branches) -> list[str]:
    """The names of the fields whose values lead to the related records; the id is always there."""
    names = [branch.holder for branch in branches.values()]
    return [name for name in names if name not in ("id", "pk")]


def prefetch_related_objects(
    model_instances: Iterable[Instance], *related_lookups: str | Prefetch
) -> None:
    """Read the related records of the instances, of one model, as `prefetch_related` does.

    One request for a hundred distinct keys of each relation. What is there already stays, unless a
    `Prefetch` says which records. FieldError for a name that is no relation; ValueError for records
    of several models.
    """
    instances = list(model_instances)
    if not instances:
        return
    models = {type(each)._meta.concrete_model for each in instances}
    if len(models) > 1:
        named = ", ".join(sorted(each.__name__ for each in models))
        raise ValueError(f"prefetch_related_objects() takes records of one model, not of {named}.")
    follow(plan(type(instances[0]), related_lookups), instances)


def _add(branches: Branches, model: Any, prefetch: Prefetch) -> None:
    *through, last = prefetch.lookup.split("__")
    for name in through:
        if name not in branches:
            branches[name] = Branch(relation_of(model._meta, name))
        model, branches = _target(branches[name]), branches[name].children
    relation = relation_of(model._meta, last) if last not in branches else branches[last].relation
    name = prefetch.to_attr or last
    if prefetch.to_attr and getattr_static(model, prefetch.to_attr, None) is not None:
        raise ValueError(f"to_attr={name!r} conflicts with what {model.__name__} has already.")
    if name not in branches:
        branches[name] = Branch(relation)
    elif prefetch.queryset is not None:
        raise ValueError(
            f"{prefetch.prefetch_to!r} was named before, with other records: name it once, or put "
            "one of the two elsewhere, with to_attr=."
        )
    if prefetch.queryset is not None:
        _narrow(branches[name], relation, prefetch.queryset)


def _narrow(branch: Branch, relation: Any, queryset: RelatedRecords) -> None:
    target = relation.target
    if queryset.model._meta.concrete_model is not target._meta.concrete_model:
        raise FieldError(f"{relation} leads to {target.__name__}s, not {queryset.model.__name__}s.")
    queryset._query.require_unsliced("prefetch")
    branch.records = queryset.select_related(None).prefetch_related(None)
    branch.children = plan(queryset.model, queryset._query.related)


def _target(branch: Branch) -> Any:
    return branch.relation.target if branch.records is None else branch.records.model


def relation_of(meta: Meta, name: str) -> RelatedRecord[Any] | ReferenceTableField:
    """The relation called `name`; FieldError, with those there are, if it is none."""
    if relation := meta.relations.get(name):
        return relation
    declared = meta.get_field(name) if name in meta.fields else None
    if isinstance(declared, ReferenceTableField):
        return declared
    has = ", ".join(relations(meta)) or "none"
    hint = ""
    if declared is not None and all(each.field != name for each in meta.relations.values()):
        hint = f' {declared} is a value: declare a fields.RelatedRecord("{name}") beside it.'
    raise FieldError(f"{meta.label} has no relation {name!r}; it has {has}.{hint}")


def relations(meta: Meta) -> Mapping[str, RelatedRecord[Any] | ReferenceTableField]:
    """The relations of a model by name."""
    lists = {k: v for k, v in meta.fields.items() if isinstance(v, ReferenceTableField)}
    return {**meta.relations, **lists}
