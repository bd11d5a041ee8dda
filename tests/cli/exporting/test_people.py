from __future__ import annotations

import json

from support.domain_files import shop
from support.plain_kintone import Kintone, password


def sato(emulator):
    directory = emulator._domain.directory
    directory.admit({"sato": "secret"})
    return Kintone(emulator, password("sato", "secret"))


RIGHTS = {
    "app": [
        {"entity": {"type": "GROUP", "code": "sales"}, "appEditable": True, "recordViewable": True}
    ],
    "record": [{"filterCond": 'number != ""', "entities": []}],
    "field": [{"code": "number", "entities": []}],
}
SALES = {"sato": {"password": "secret", "groups": ["sales"]}}


def test_whoever_is_named_is_there_without_a_password(export):
    file = shop(groups={"sales": {}}, users={**SALES, "kato": {"name": "加藤"}})
    orders = {**file["apps"]["orders"], "permissions": {"app": RIGHTS["app"]}}
    orders["form"] = {"properties": {"who": {"type": "USER_SELECT"}, "number": {"type": "NUMBER"}}}
    file["apps"] = {"orders": {**orders, "records": [{"who": [{"code": "kato"}]}]}}
    domain = json.loads(export(file, "URL", "--records").stdout)
    assert domain["users"] == {"Administrator": {"name": "Administrator"}, "kato": {"name": "加藤"}}
    assert domain["groups"] == {"sales": {}}
