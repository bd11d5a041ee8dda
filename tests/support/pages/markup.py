"""A record with markup in every value, for the emulator's pages."""

from __future__ import annotations

from support.plain_kintone import cells, options

NASTY = "<img src=x onerror=alert(1)>\"'&lt;"
# Every field type, with markup in its value where the type takes a text.
CHOICE = {"options": options(NASTY)}
PERSON = [{"code": f"kato{NASTY}"}]
PLANTED = {
    "SINGLE_LINE_TEXT": ({}, NASTY),
    "MULTI_LINE_TEXT": ({}, f"1\n{NASTY}"),
    "RICH_TEXT": ({}, NASTY),
    "NUMBER": ({"unit": NASTY}, "12"),
    "CALC": ({"expression": "1 + 1", "unit": NASTY}, None),
    "CHECK_BOX": (CHOICE, [NASTY]),
    "RADIO_BUTTON": ({**CHOICE, "defaultValue": NASTY}, NASTY),
    "DROP_DOWN": (CHOICE, NASTY),
    "MULTI_SELECT": (CHOICE, [NASTY]),
    "DATE": ({}, "2026-11-30"),
    "TIME": ({}, "12:34"),
    "DATETIME": ({}, "2026-11-30T12:34:00Z"),
    "LINK": ({"protocol": "WEB"}, f"https://example.com/{NASTY.replace(' ', '')}"),
    "USER_SELECT": ({}, PERSON),
    "ORGANIZATION_SELECT": ({}, [{"code": f"home{NASTY}"}]),
    "GROUP_SELECT": ({}, [{"code": f"team{NASTY}"}]),
    "FILE": ({}, None),
}


def plant(kintone, emulator):
    """Add a record with markup in every value, and return the app and the record's id."""
    emulator.add_user(f"kato{NASTY}", "other", name=f"Kato {NASTY}")
    emulator.add_organization(f"home{NASTY}", name=f"Home {NASTY}")
    emulator.add_group(f"team{NASTY}", name=f"Team {NASTY}")
    fields = {
        kind: {"type": kind, "label": f"{kind} {NASTY}", **more}
        for kind, (more, _) in PLANTED.items()
    }
    columns = {f"in_{kind}": field for kind, field in fields.items()}
    table = {"type": "SUBTABLE", "label": NASTY, "fields": columns}
    app = kintone.new_app({**fields, "table": table}, name=f"App {NASTY}")
    values = {kind: value for kind, (_, value) in PLANTED.items() if value is not None}
    row = {f"in_{kind}": value for kind, value in values.items()}
    values["FILE"], row["in_FILE"] = [_upload(kintone)], [_upload(kintone)]
    return app, kintone.add(app, **values, table=[{"value": cells(row)}])


def _upload(kintone):
    files = {"file": (f"{NASTY.replace('/', '')}.txt", b"hello", "text/plain")}
    url = "https://x.cybozu.com/k/v1/file.json"
    return {"fileKey": kintone.session.post(url, files=files).json()["fileKey"]}
