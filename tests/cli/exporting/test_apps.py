from __future__ import annotations

import json

from support.domain_files import app, shop
from support.plain_kintone import Kintone, password

SETTINGS = (
    ("app/form/fields.json", "app/form/layout.json", "app/settings.json", "app/status.json")
    + ("app/views.json", "app/acl.json", "record/acl.json", "field/acl.json")
)  # fmt: skip


def settings_of(kintone, number):
    """All settings of an app, without revisions and the ids of views."""
    settings = {}
    for path in SETTINGS:
        answer = kintone.ok("GET", path, {"app": number})
        del answer["revision"]
        for view in answer.get("views", {}).values():
            del view["id"]
        settings[path] = answer
    return settings


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


def test_the_apps_come_out_as_they_are(export, opened):
    file = shop(groups={"sales": {}}, users=SALES, spaces={"crm": {"id": 3}}, language="ja")
    file["apps"]["orders"] = {**file["apps"]["orders"], "permissions": {"app": RIGHTS["app"]}}
    file["apps"]["customers"] = {**file["apps"]["customers"], "space": "crm"}
    source = opened(file)
    result = export(source, "URL")
    assert (result.exit_code, result.stderr) == (0, "")
    domain = json.loads(result.stdout)
    assert list(domain["apps"]) == ["Customers", "ORD"]
    assert domain["apps"]["ORD"]["form"]["properties"]["customer"]["lookup"]["relatedApp"] == {
        "app": "Customers"
    }
    assert domain["language"] == "ja"
    domain["users"] = SALES
    again = opened(domain)
    for number in (12, 1):
        assert settings_of(sato(source), number) == settings_of(sato(again), number)
    answer = sato(again).ok("GET", "app.json", {"id": 1})
    assert (answer["spaceId"], sato(again).find(12)) == ("3", [])


def test_the_apps_that_are_looked_up_come_along(export):
    domain = json.loads(export(shop(), "URL/k/12/").stdout)
    assert list(domain["apps"]) == ["ORD", "Customers"]


def test_an_app_of_a_guest_space_is_exported_by_its_address_or_with_all(export):
    file = {**app(space="shared"), "spaces": {"shared": {"guest": True, "name": "Shared"}}}
    for url in ("URL/k/guest/1/1/", "URL"):
        domain = json.loads(export(file, url).stdout)
        assert domain["apps"]["orders"]["space"] == "space 1"
        assert domain["spaces"] == {"space 1": {"id": 1, "guest": True, "name": "Shared"}}


def test_what_a_token_may_not_read_is_left_out_and_said(export, opened):
    source = opened(shop())
    token = source.add_api_token(12, permissions=["view"])
    result = export(source, "URL/k/12/", token=token)
    assert result.exit_code == 0
    domain = json.loads(result.stdout)
    properties = domain["apps"]["ORD"]["form"]["properties"]
    assert (list(domain["apps"]), "lookup" in properties["customer"]) == (["ORD"], False)
    assert "permissions" not in domain["apps"]["ORD"]
    assert "App ORD: the permissions cannot be read" in result.stderr
    assert "The app 1, which another app names, is left out" in result.stderr
    assert "App ORD: the field customer is exported without its lookup, " in result.stderr
    assert token not in result.output
    opened(domain)
