"""Prefetching: reading related records for many records at once, instead of one by one."""

from __future__ import annotations

from inspect import getattr_static
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError
from kintone_orm.fields.reference_table import ReferenceTableField
from kintone_orm.models.record.peers import memory_of
from kintone_orm.models.record.row_shapes import Instances
from kintone_orm.models.relations.backward import fetch_referring
from kintone_orm.models.relations.forward import fetch_related

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeAlias

    from kintone_orm.fields.related_record import RelatedRecord
    from kintone_orm.models.ground.protocols import Meta, RelatedRecords
    from kintone_orm.models.record.instance import Instance

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
    """A relation for `prefetch_related`, with its own queryset and an attribute for the result.

    `lookup` is a relation's name, or a path such as ``"customer__region"``. `queryset` narrows,
    orders or prefetches the related records at the end of the path; it may use `only`, but no slice
    and no `values`. `to_attr` is the attribute that gets the result: a list, one record, or None.
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
        """The query of `queryset`; None without a queryset."""
        return None if self.queryset is None else self.queryset._query

    @property
    def prefetch_to(self) -> str:
        """The path of the attribute that gets the related records."""
        through, separator, last = self.lookup.rpartition("__")
        return f"{through}{separator}{self.to_attr or last}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Prefetch) and self.prefetch_to == other.prefetch_to

    def __hash__(self) -> int:
        return hash((Prefetch, self.prefetch_to))

    def __repr__(self) -> str:
        return f"<Prefetch {self.lookup!r} to {self.prefetch_to!r}>"

    def __getstate__(self) -> dict[str, Any]:
        """Return the state with a queryset that has no records, so that pickling reads none."""
        queryset = None if self.queryset is None else self.queryset._without_rows()
        return vars(self) | {"queryset": queryset}


class Branch:
    """A relation to follow, and the relations to follow from its records."""

    __slots__ = ("children", "records", "relation")

    def __init__(self, relation: RelatedRecord[Any] | ReferenceTableField) -> None:
        self.relation = relation
        self.records: RelatedRecords | None = None
        self.children: Branches = {}

    @property
    def holder(self) -> str:
        """The name of the key field in the record that has the relation."""
        relation = self.relation
        return relation.key_name if isinstance(relation, ReferenceTableField) else relation.field

    def follow(self, name: str, instances: Sequence[Instance]) -> list[Instance]:
        """Read and return the records related to `instances`, which keep the records as `name`."""
        relation = self.relation
        if isinstance(relation, ReferenceTableField):
            return fetch_referring(relation, name, instances, records=self._choice())
        memory = memory_of(instances[0])
        source = relation if self.records is None else self
        # A record with a list of others would keep all of them alive, however many they are.
        keep = not _lead_to_many(self.children)
        remembered = None if memory is None else memory.of(source, keep=keep)
        return fetch_related(
            relation, name, instances, records=self._choice(), remembered=remembered
        )

    def _choice(self) -> RelatedRecords | None:
        """Return the queryset that limits the records, or None.

        The queryset also loads the keys that the child branches need.
        """
        records = self.records
        if self.children and records is not None:
            query = records._query
            for name in holders(self.children):
                query = query.including(name)
            records = records._asking(query)
        return records


def plan(model: type[Instance], lookups: Iterable[str | Prefetch]) -> Branches:
    """Return the relations to follow from records of `model`, by the attribute for the result.

    FieldError for an unknown relation; ValueError for an attribute with two different querysets.
    """
    branches: Branches = {}
    for lookup in lookups:
        prefetch = Prefetch(lookup) if isinstance(lookup, str) else lookup
        if not isinstance(prefetch, Prefetch):
            raise FieldError(f"prefetch_related() takes names and Prefetch, not {prefetch!r:.80}.")
        _add(branches, model, prefetch)
    return branches


def require_single(model: type[Instance], names: Iterable[str]) -> None:
    """Raise FieldError unless each of the paths `names` leads to one record."""
    for name in names:
        if not isinstance(name, str):
            raise FieldError(f"select_related() takes names, not {name!r:.80}.")
        end: Any = model
        for step in name.split("__"):
            relation = relation_of(end._meta, step)
            if isinstance(relation, ReferenceTableField):
                raise FieldError(
                    f"{relation} leads to many records, so select_related() cannot follow it. "
                    f"Use prefetch_related({name!r})."
                )
            end = relation.target


def follow(branches: Branches, instances: Sequence[Instance]) -> None:
    """Read the records related to `instances`, then the records related to these records."""
    for name, branch in branches.items():
        related = branch.follow(name, instances) if instances else []
        follow(branch.children, related)


def holders(branches: Branches) -> list[str]:
    """Return the names of the fields that the relations need, without the id (always read)."""
    names = [branch.holder for branch in branches.values()]
    return [name for name in names if name not in ("id", "pk")]


def prefetch_related_objects(
    model_instances: Iterable[Instance], *related_lookups: str | Prefetch
) -> None:
    """Read the related records of instances of one model, as `prefetch_related` does.

    One request for each hundred distinct keys of a relation. Related records that are already known
    are not read again, unless a `Prefetch` has a queryset. FieldError for an unknown relation;
    ValueError for records of several models.
    """
    instances = list(model_instances)
    if not instances:
        return
    models = {instance._meta.concrete_model for instance in instances}
    if len(models) > 1:
        named = ", ".join(sorted(model.__name__ for model in models))
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
        raise ValueError(
            f"{model.__name__} already has an attribute {name!r}. Choose another to_attr."
        )
    if name not in branches:
        branches[name] = Branch(relation)
    elif prefetch.queryset is not None:
        raise ValueError(
            f"{prefetch.prefetch_to!r} is prefetched twice, with different records. Name it once, "
            "or give one of the two Prefetch objects another attribute with to_attr=."
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


def _lead_to_many(branches: Branches) -> bool:
    """Return True if one of the branches, or of those that follow, leads to many records."""
    return any(
        isinstance(branch.relation, ReferenceTableField) or _lead_to_many(branch.children)
        for branch in branches.values()
    )


def _target(branch: Branch) -> Any:
    return branch.relation.target if branch.records is None else branch.records.model


def relation_of(meta: Meta, name: str) -> RelatedRecord[Any] | ReferenceTableField:
    """Return the relation `name`; FieldError, which lists the relations, if it is unknown."""
    if relation := meta.relations.get(name):
        return relation
    declared = meta.get_field(name) if name in meta.fields else None
    if isinstance(declared, ReferenceTableField):
        return declared
    known = ", ".join(relations(meta)) or "none"
    hint = ""
    if declared is not None and all(relation.field != name for relation in meta.relations.values()):
        hint = f' {declared} is a value. Declare a fields.RelatedRecord("{name}") beside it.'
    raise FieldError(f"{meta.label} has no relation {name!r}; it has {known}.{hint}")


def relations(meta: Meta) -> Mapping[str, RelatedRecord[Any] | ReferenceTableField]:
    """Return the relations of a model by name."""
    lists = {k: v for k, v in meta.fields.items() if isinstance(v, ReferenceTableField)}
    return {**meta.relations, **lists}
