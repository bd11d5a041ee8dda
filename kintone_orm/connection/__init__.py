"""Connections to kintone: one domain and its credentials each, registered under an alias.

`connect()` creates and registers a connection. `connections` holds the registered ones.
`override()` selects another one inside a block. A connection sends nothing and reads no environment
variable before its first request. `kintone_orm.settings` lists the settings and their precedence.
"""

from kintone_orm.connection.connecting import connect
from kintone_orm.connection.connection import (
    Connection,
    Connections,
    connections,
    override,
)

# Pickles made before this module became a package name the function here.
from kintone_orm.connection.connection import find_connection as _registered  # noqa: F401
from kintone_orm.connection.known_fields import KnownField as KnownField

__all__ = ["Connection", "Connections", "connect", "connections", "override"]
