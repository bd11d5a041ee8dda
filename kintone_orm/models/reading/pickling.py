"""A query as the state of a pickled queryset.

In the first version of kintone_orm, the parts of a query were attributes of the queryset itself.
The state keeps the names of these attributes, because another version than the one that made a
pickle may load the pickle.
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

# The names in a state that are not attributes of a subclass. `_as_manager` and `_handed_out` are
# the two flags for managers that the first version had.
STATE_NAMES = frozenset(_PARTS) | {"_as_manager", "_cache", "_handed_out", "_referred", "_using"}


def query_state(query: Query[Any]) -> dict[str, Any]:
    """Return the parts of a query by their names in a pickle."""
    return {name: getattr(query, part) for name, part in _PARTS.items()}


def query_from(state: Mapping[str, Any]) -> Query[Any]:
    """Return the query of an unpickled state."""
    return Query(**{part: state[name] for name, part in _PARTS.items()})
