"""A query as the state of a pickled queryset.

In the first version these parts were attributes of the queryset itself. The state keeps their
names, because other versions than the one that made a pickle may read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.models.reading.query import Query

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["STATE_NAMES", "query_from", "query_state"]

# The parts of a query by their names in a pickle.
_PARTS = {
    "model": "model",
    "_condition": "condition",
    "_order": "order",
    "_backwards": "backwards",
    "_start": "start",
    "_stop": "stop",
    "_shape": "shape",
    "_selected": "selected",
    "_prefetched": "prefetched",
    "_zones": "zones",
}

# The names of a state that do not belong to a subclass. The first version had two flags for
# managers.
STATE_NAMES = frozenset(_PARTS) | {"_as_manager", "_cache", "_handed_out", "_referred", "_using"}


def query_state(query: Query[Any]) -> dict[str, Any]:
    """Return the parts of a query by their names in a pickle."""
    return {name: getattr(query, part) for name, part in _PARTS.items()}


def query_from(state: Mapping[str, Any]) -> Query[Any]:
    """Return the query of an unpickled state."""
    return Query(**{part: state[name] for name, part in _PARTS.items()})
