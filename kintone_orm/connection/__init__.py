"""Connections to kintone: one domain and its credentials each, registered under an alias.

`connect()` creates and registers a connection. `connections` holds the registered ones.
`override()` selects another connection inside a block. A connection reads the environment variables
only at its first request. `kintone_orm.settings` lists the settings and their precedence.
"""

from kintone_orm.connection.connecting import connect
from kintone_orm.connection.connection import (
    Connection,
    Connections,
    connections,
    override,
)

# Older pickles refer to `kintone_orm.connection._registered`, which was this function's name when
# the package was still one module.
from kintone_orm.connection.connection import find_connection as _registered  # noqa: F401
from kintone_orm.connection.known_fields import FieldRules as FieldRules
from kintone_orm.connection.known_fields import KnownField as KnownField
from kintone_orm.connection.known_fields import KnownPrecision as KnownPrecision
from kintone_orm.connection.limits.limiter import CountingLimiter, Limited, Limiter
from kintone_orm.connection.limits.usage import DailyBudget, Usage

__all__ = [
    "Connection",
    "Connections",
    "CountingLimiter",
    "DailyBudget",
    "Limited",
    "Limiter",
    "Usage",
    "connect",
    "connections",
    "override",
]
