"""The end of each operation after a fault: a line for each of its requests.

`ok` is the same result as ever. A letter is the class of the error (`ENDS`); B is a BulkWriteError
and nothing else, which says what is done and what nobody knows, and a star means that the error is
a BulkWriteError as well, because nothing was written for sure. What the store holds then stands
behind it: `-` what it held before, `+` all that was to be written, `~` something in between. A dot
is a fault that cannot happen to that request.
"""

from __future__ import annotations

from kintone_orm import exceptions

__all__ = ["COLUMNS", "ENDS", "TABLE"]

ENDS = {
    "R": exceptions.RateLimited,
    "S": exceptions.ServerBusy,
    "T": exceptions.TransportError,
}

# The faults of the emulator; then answers of JSON that are not kintone's.
COLUMNS = ["late", "slow", "too late", "cut", "lost", "unsent", "503", "429", "locked", "closed"]
COLUMNS += ["expired", "{}", "deep", "null"]

_LINES = """
reads       ok   ok   T    T    T    T      S    R    S      S      .       T    T    T
page        ok   ok   ok   ok   ok   ok     ok   R    ok     ok     ok      ok   ok   ok
closes      ok   ok   ok   ok   ok   ok     ok   ok   ok     ok     .       ok   ok   ok
file        ok   ok   T    T    T    T      S    R    S      S      .       .    .    .

before      ok   ok   T-   T-   T-   T-     S-   R-   S-     S-     .       T-   T-   T-
missing     ok   ok   T-   T-   T-   T-     S-   R-   S-     S-     .       .    .    .
creates     ok   ok   ok   ok   ok   T-     S-   R-   S-     S-     .       ok   ok   ok
settles     ok   ok   ok   ok   ok   ok     ok   R-   S-     S-     .       ok   ok   ok
writes      ok   ok   T+   T+   T+   T-     S-   R-   S-     S-     .       T+   T+   T+
modifies    ok   ok   T+   T+   T+   T-     S-   R-   ok     ok     .       T+   T+   T+
deletes     ok   ok   T+   T+   T+   T-     S-   R-   S-     S-     .       ok   T+   ok
after       ok   ok   T+   T+   T+   T+     S+   R+   S+     S+     .       T+   T+   T+

many        ok   ok   B+   B+   B+   B-     B-   R*-  S*-    S*-    .       B+   B+   B+
many_gone   ok   ok   ok   ok   ok   B-     B-   R*-  S*-    S*-    .       ok   ok   ok
first       ok   ok   B~   B~   B~   B-     B-   R*-  S*-    S*-    .       B~   B~   B~
middle      ok   ok   B~   B~   B~   B~     B~   B~   B~     B~     .       B~   B~   B~
last        ok   ok   B+   B+   B+   B~     B~   B~   B~     B~     .       B+   B+   B+
"""
_KINDS = {name: ends for name, *ends in map(str.split, filter(None, _LINES.splitlines()))}

_REQUESTS = {
    # A page of a cursor that is lost is read by another cursor, up to where the first one was.
    # kintone refuses 429 at the door, so that the cursor would still be there: it is not lost.
    "get": "reads",
    "first": "reads",
    "iterate by id": "reads reads",
    "iterate a slice": "reads reads",
    "iterate in an order": "reads reads page page",
    "leave a cursor early": "reads reads page page closes",
    "values": "reads",
    "count": "reads",
    "exists": "reads",
    "in_bulk": "reads",
    "by another queryset": "reads reads",
    "select_related": "reads reads",
    "prefetch_related": "reads reads",
    "prefetch by hand": "reads",
    "related record": "reads",
    "related records": "reads",
    "deferred field": "reads",
    "refresh_from_db": "reads",
    "comments": "reads",
    "available_actions": "reads reads",
    "permissions": "reads",
    "app_info": "reads",
    "download": "file",
    # One record. That kintone is busy is a refusal by code; modify() reads again after it.
    "create": "writes",
    "create where the form is not known": "before writes",
    "save": "writes",
    "save without revision": "writes",
    "save and refresh": "writes after",
    "save a file": "before writes",
    "delete": "deletes",
    "delete without revision": "deletes",
    "get_or_create": "before writes",
    "update_or_create": "writes",
    "update_or_create by two": "before writes",
    "modify": "before modifies",
    "comment": "writes",
    "delete a comment": "deletes",
    "transition": "writes",
    "assign": "writes",
    # Many records: a request of twenty, or of all of them, is atomic.
    "bulk_create": "many",
    "bulk_create in groups": "first middle last",
    "upsert": "many",
    "upsert of some fields": "before many",
    "bulk_update": "many",
    "bulk_update in hundreds": "many",
    "bulk_update with revisions": "many",
    "bulk_update with revisions in hundreds": "many",
    "update": "before many",
    "update with revisions": "before many",
    "delete all": "before many_gone",
    "delete all with revisions": "before many_gone",
    "transition of many": "before many",
    "bulk_transition": "many",
    # It looks whether there is such an app, in service or in preparation, makes it, looks at its
    # form, adds the fields, has it put into service, asks whether it is, and looks at its form.
    "deploy": "before" + " missing" * 5 + " creates before settles settles writes after after",
}

TABLE = {name: [_KINDS[kind] for kind in kinds.split()] for name, kinds in _REQUESTS.items()}
