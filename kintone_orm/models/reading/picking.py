"""Picking: what of the records a queryset gives; nothing here sends a request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast, overload

from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.models.ground.fetch_modes import FetchMode
from kintone_orm.models.reading.chain import Chain, M, R
from kintone_orm.models.record.row_shapes import Instances, Values
from kintone_orm.models.relations.prefetch import Prefetch, plan, require_single

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from typing_extensions import Self

    from kintone_orm.models.queryset import QuerySet

__all__ = ["Picking"]


class Picking(Chain[M, R]):
    """The part of a queryset that says what a row is, and what is read with it."""

    __slots__ = ()

    def only(self, *names: str) -> Self:
        """Instances with just these fields, `id` and `revision`; the others when they are read.

        The first of the others that is read fetches all of them, for all records of the page.
        Calling it again replaces the names.
        """
        shape = self._instances("only")
        clone = self._clone()
        clone._shape = shape.only(frozenset(self._plain("only", names)))
        return clone

    def defer(self, *names: str | None) -> Self:
        """Instances without these fields, until one of them is read: then all are fetched.

        Calling it again adds names; ``defer(None)`` takes them all back.
        """
        shape = self._instances("defer")
        clone = self._clone()
        given = frozenset(self._plain("defer", (name for name in names if name is not None)))
        clone._shape = shape.whole() if names == (None,) else shape.defer(given)
        return clone

    def fetch_mode(self, mode: FetchMode) -> Self:
        """What it costs to read a related record, or a deferred field, that is not there.

        ``FETCH_PEERS``, the default: it is fetched for all the records of the page, at the first
        access. ``FETCH_ONE``: for each record when it is read. ``FETCH_RAISE``: FieldFetchBlocked.
        """
        if not isinstance(mode, FetchMode):
            raise TypeError(f"fetch_mode() takes FETCH_PEERS, FETCH_ONE or FETCH_RAISE: {mode!r}.")
        shape = self._instances("fetch_mode")
        clone = self._clone()
        clone._shape = replace(shape, fetch_mode=mode)
        return clone

    def select_related(self, *names: str | None) -> Self:
        """The records, each with the records that its `RelatedRecord` fields `names` lead to.

        They are read page by page, in one request for a hundred distinct keys: there are no joins.
        ``"customer__region"`` leads on from there. Calling it again adds names;
        ``select_related(None)`` takes them all back. Django's form without names is refused, as
        each relation costs requests.
        """
        self._instances("select_related")
        clone = self._clone()
        if names == (None,):
            clone._selected = ()
            return clone
        if not names:
            has = ", ".join(self.model._meta.relations) or "none"
            raise NotSupportedError(
                "select_related() follows the relations that it is told, as each costs requests: "
                f"{self.model.__name__} has {has}."
            )
        given: Any = names
        require_single(self.model, given)
        clone._selected = (*self._selected, *given)
        return clone

    def prefetch_related(self, *lookups: str | Prefetch | None) -> Self:
        """The records, each with the related records that `lookups` name, to one or to many.

        A lookup is a name, a path such as ``"orders__lines"``, or a `Prefetch`. They are read page
        by page, in one request for a hundred distinct keys, and more where those have over five
        hundred records. Calling it again adds lookups; ``prefetch_related(None)`` takes all back.
        """
        self._instances("prefetch_related")
        clone = self._clone()
        if lookups == (None,):
            clone._prefetched = ()
            return clone
        given: Any = lookups
        clone._prefetched = (*self._prefetched, *given)
        plan(self.model, clone._related)
        return clone

    def values(self, *names: str) -> QuerySet[M, dict[str, Any]]:
        """Dicts of Python values in the place of instances; only these fields are read.

        Besides fields there are "id", "pk" and "revision". Without names: the id and every field.
        """
        return self._valued("values", names, "dict")

    @overload
    def values_list(self, *names: str, flat: Literal[True]) -> QuerySet[M, Any]: ...
    @overload
    def values_list(
        self, *names: str, flat: Literal[False] = False, named: bool = False
    ) -> QuerySet[M, tuple[Any, ...]]: ...
    def values_list(
        self, *names: str, flat: bool = False, named: bool = False
    ) -> QuerySet[M, Any] | QuerySet[M, tuple[Any, ...]]:
        """Tuples of Python values in the place of instances, in the order of the names.

        With `named`, named tuples; with `flat`, and one name, just the values.
        """
        if flat and named:
            raise TypeError("'flat' and 'named' can't be used together.")
        if flat and len(names) != 1:
            raise TypeError("values_list(flat=True) takes exactly one field.")
        return self._valued("values_list", names, "flat" if flat else "named" if named else "tuple")

    # -- inside -------------------------------------------------------------------------------

    @property
    def _related(self) -> tuple[str | Prefetch, ...]:
        """The relations that are followed."""
        return (*self._selected, *self._prefetched)

    def _instances(self, method: str) -> Instances:
        """The shape of the rows; TypeError if they are no instances, for which `method` is."""
        if not isinstance(self._shape, Instances):
            raise TypeError(f"Cannot call {method}() after .values() or .values_list().")
        return self._shape

    def _valued(self, method: str, names: tuple[str, ...], form: str) -> QuerySet[M, Any]:
        clone: Any = self._clone()
        stored = (n for n, field in self.model._meta.fields.items() if field.has_value)
        given = self._plain(method, names) if names else ["id", *stored]
        clone._shape = Values(tuple(given), form)
        return cast("QuerySet[M, Any]", clone)

    def _plain(self, method: str, names: Iterable[str]) -> list[str]:
        """The names, each of a field of the model itself; FieldError if one is not."""
        found = list(names)
        for name in found:
            if not isinstance(name, str):
                raise FieldError(f"{method}() takes field names, not {name!r:.80}.")
            outer, separator, inner = name.partition("__")
            if separator and outer in self.model._meta.relations:
                raise NotSupportedError(
                    f"{method}() gives fields of {self.model.__name__} itself, so {name!r} is not "
                    f"there: read instances with select_related({outer!r})."
                )
            if separator:
                raise NotSupportedError(
                    f"{method}() gives whole fields, so {name!r} is not there: ask for {outer!r}, "
                    f"and take {inner!r} from its value."
                )
            if name != "revision" and not self.model._meta.get_field(name).has_value:
                raise FieldError(f"{method}() gives values, and {name!r} has none: it is a query.")
        return found
