"""The end of each operation after a fault between the program and kintone, with retries on.

A row is a group of faults (tests/support/faults/wire_faults.py), a column is a kind of request. A
cell begins with the word of the call's end:

    ok   the same result as ever, and the same records: carried out once
    N    an error that says "not carried out"
    ?    an error that says "unknown"

    Y    an error that says "carried out": an operation had written already

and ends with the records that kintone holds: `-` those of before, `+` all that was to be written,
`~` a part. An operation that only reads has neither. A dot is a fault that cannot happen to that
request, or that nobody can see.
"""

from __future__ import annotations

__all__ = ["ALWAYS", "EXCEPTIONS", "KINDS", "ONCE", "REQUESTS", "end_of"]

# The kinds of requests.
KINDS = {
    "read": "a read",
    "file": "a download",
    "new": "a new cursor",
    "page": "a page of a cursor: if it is lost, another cursor reads on",
    "close": "the end of a cursor, whose failure is no error of the program's",
    "load": "an upload",
    "rev": "a write with the revision of each record",
    "del": "the deletion of one record with its revision",
    "set": "a write without revisions, and an upsert",
    "act": "any other write: a second one would act a second time",
    "many": "a deletion of many, after which a lost answer is settled by what is left",
    "make": "the creation of an app, which is not listed yet; it is never sent again",
    "setup": "a write to an app's settings, which show if it was carried out",
}

WRITES = {"rev", "del", "set", "act", "many", "make", "setup"}

# The fault happens to one attempt.
_ONCE_LINES = """
                 read  file  new  page  close  load  rev  del  set  act   many  make  setup
refused          ok    ok    ok   ok    ok     ok    ok   ok   ok   ok    ok    ok    ok
lost before      ok    ok    N    ok    ok     N-    ok   ok   ?-   ?-    ?-    ?-    ok
lost after       ok    ok    N    ok    ok     N-    ?+   ok   ?+   ?+    ok    ok    ok
damaged after    ok    ok    N    ok    ok     N-    ?+   ok   ?+   ?+    ok    ok    ok
stalled before   ok    ok    N    ok    ok     N-    ok   ok   ?-   ?-    ?-    ?-    ok
stalled after    ok    ok    N    ok    ok     N-    ?+   ok   ?+   ?+    ok    ok    ok
drips after      N     N     N    ok    ok     N-    ?+   ?+   ?+   ?+    ok    ok    ok
5xx before       ok    ok    N    ok    ok     N-    ok   ok   ?-   ?-    ?-    ?-    ok
5xx after        ok    ok    N    ok    ok     N-    ?+   ok   ?+   ?+    ok    ok    ok
4xx              N     N     N    N     ok     N-    N-   N-   N-   N-    N-    N-    N-
redirected       N     N     N    ok    ok     N-    N-   N-   N-   N-    N-    N-    N-
stranger before  ok    .     N    ok    ok     N-    ok   ok   ?-   ?-    ?-    ?-    ok
stranger after   ok    .     N    ok    ok     N-    ?+   ok   ?+   ?+    ok    ok    ok
{} before        ok    .     N    ok    ok     N-    ok   .    ?-   ?-    ?-    ?-    ok
{} after         ok    .     N    ok    ok     N-    ?+   ok   ?+   ?+    ok    ok    ok
busy             ok    ok    ok   ok    ok     ok    ok   ok   ok   ok    ok    ok    ok
no cursor        .     .     ok   .     .      .     .    .    .    .     .     .     .
odd              ok    ok    ok   ok    ok     ok    ok   ok   ok   ok    ok    ok    ok
"""

# The fault happens to every attempt.
_ALWAYS_LINES = """
                 read  file  new  page  close  load  rev  del  set  act   many  make  setup
refused          N     N     N    N     ok     N-    N-   N-   N-   N-    N-    N-    N-
lost before      N     N     N    N     ok     N-    ?-   ?-   ?-   ?-    ?-    ?-    ?-
lost after       N     N     N    N     ok     N-    ?+   ?+   ?+   ?+    ?+    ?-    ?-
5xx before       N     N     N    N     ok     N-    ?-   ?-   ?-   ?-    ?-    ?-    ?-
5xx after        N     N     N    N     ok     N-    ?+   ?+   ?+   ?+    ?+    ?-    ?-
busy             N     N     N    N     ok     N-    N-   N-   N-   N-    N-    N-    N-
"""

# The kinds of an operation's requests, one after the other.
REQUESTS = {
    "get": "read",
    "first": "read",
    "iterate by id": "read read",
    "iterate a slice": "read read",
    "iterate in an order": "read new page page",
    "leave a cursor early": "read new page page close",
    "values": "read",
    "count": "read",
    "exists": "read",
    "in_bulk": "read",
    "by another queryset": "read read",
    "select_related": "read read",
    "prefetch_related": "read read",
    "prefetch by hand": "read",
    "related record": "read",
    "related records": "read",
    "deferred field": "read",
    "refresh_from_db": "read",
    "comments": "read",
    "available_actions": "read read",
    "permissions": "read",
    "app_info": "read",
    "download": "file",
    "create": "act",
    "create where the form is not known": "read act",
    "save": "rev",
    "save without revision": "set",
    "save and refresh": "rev read",
    "save a file": "load rev",
    "delete": "del",
    "delete without revision": "act",
    "get_or_create": "read act",
    "update_or_create": "set",
    "update_or_create by two": "read set",
    "modify": "read rev",
    "comment": "act",
    "delete a comment": "act",
    "transition": "act",
    "assign": "rev",
    "bulk_create": "act",
    "bulk_create in groups": "act act act",
    "upsert": "set",
    "upsert of some fields": "read act",
    "bulk_update": "set",
    "bulk_update in hundreds": "set",
    "bulk_update with revisions": "rev",
    "bulk_update with revisions in hundreds": "rev",
    "update": "read set",
    "update with revisions": "read rev",
    "delete all": "read many",
    "delete all with revisions": "read many",
    "transition of many": "read act",
    "bulk_transition": "act",
    # It looks for an app of that name, and for one that is not finished. It makes the app, looks at
    # its form, adds the fields, has it put into service, asks twice if it is, and reads its form.
    "deploy": "read read read read read read make read setup setup read read read",
}

# What the ends of a request become after or before other writes of the operation.
AMONG_OTHERS = {
    ("bulk_create in groups", 0): {"?+": "?~"},
    ("bulk_create in groups", 1): {"N-": "Y~", "?-": "?~", "?+": "?~"},
    ("bulk_create in groups", 2): {"N-": "Y~", "?-": "?~"},
    ("save and refresh", 1): {"N": "Y+"},
    ("deploy", 7): {"N": "Y-"},
    ("deploy", 8): {"N-": "Y-"},
    ("deploy", 9): {"N-": "Y-"},
    ("deploy", 10): {"N": "Y-"},
    ("deploy", 11): {"N": "Y+"},
    ("deploy", 12): {"N": "Y+"},
}

# What differs from the rows: by operation (and request) or kind of request, and by fault or group.
EXCEPTIONS = {
    # Another cursor reads on where an answer is not kintone's. These pages might come from a proxy
    # that has never reached kintone.
    ("page", "404 page"): "ok",
    ("page", "407 page"): "ok",
    # A program reads a file piece by piece: what arrived cannot be taken back.
    ("file", "lost after"): "N",
    ("file", "dropped after"): "ok",
    ("file", "reset after"): "ok",
    ("file", "damaged after"): "N",
    ("file", "HTTP/0.9"): "ok",
    ("file", "header too long"): "ok",
    ("file", "too many headers"): "ok",
    ("file", "stalled in body"): "N",
    ("file", "byte order mark"): "N",
    # kintone's answer is an error there, which is none of kintone's if it is damaged: a proxy's.
    **{
        (f"deploy {number}", fault): "N-"
        for number in range(1, 6)
        for fault in ("gzip cut", "length too short", "unknown encoding")
    },
    # kintone's answer to the start of a deploy is {}. A deploy that nobody has started fails.
    ("deploy 9", "{} before"): "Y-",
    ("deploy 9", "another request's answer before"): "Y-",
    ("deploy 10", "drips after"): "Y+",  # the emulator's deploy ends when somebody asks for it
    # kintone's answer to a deletion is {}: nobody can see that this one comes from somebody else.
    **{
        (of, fault): end
        for of in ("del", "many", "delete without revision", "delete a comment")
        for fault, end in {
            "{} before": ".",
            "another request's answer before": ".",
            "{} after": "ok",
            "another request's answer after": "ok",
            "NaN": "ok",
        }.items()
    },
}


def _cells(lines: str) -> dict[str, dict[str, str]]:
    """The ends by group and kind."""
    _, head, *rows = lines.splitlines()
    assert head.split() == [*KINDS]
    return {
        row[:17].strip(): dict(zip(KINDS, row[17:].split(), strict=True)) for row in rows if row
    }


ONCE, ALWAYS = _cells(_ONCE_LINES), _cells(_ALWAYS_LINES)


def end_of(operation: str, number: int, group: str, fault: str, *, always: bool = False) -> str:
    """The end that the table writes for a fault at a request, counted from 0, of an operation."""
    kinds = REQUESTS[operation].split()
    end = (ALWAYS if always else ONCE)[group][kinds[number]]
    if not always:
        for of in (kinds[number], operation, f"{operation} {number}"):
            for which in (group, fault):
                end = EXCEPTIONS.get((of, which), end)
    end = AMONG_OTHERS.get((operation, number), {}).get(end, end)
    return f"{end}-" if end == "N" and set(kinds) & WRITES else end
