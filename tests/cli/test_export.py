"""kintone-orm emulator export: what it writes becomes the same kintone again."""

from __future__ import annotations

import json

import pytest
from support.domain_files import app, shop
from support.plain_kintone import Kintone, cells, password
from typer.testing import CliRunner

from kintone_orm.cli.main import app as command
from kintone_orm.emulator import Emulator

serve = pytest.importorskip("kintone_orm.emulator.server").serve

SETTINGS = (
    ("app/form/fields.json", "app/form/layout.json", "app/settings.json", "app/status.json")
    + ("app/views.json", "app/acl.json", "record/acl.json", "field/acl.json")
)  # fmt: skip


@pytest.fixture
def opened():
    """Makes emulators of domain files; closed at the end."""
    emulators = []

    def opened(domain):
        emulators.append(Emulator.from_domain(domain))
        return emulators[-1]

    yield opened
    for emulator in emulators:
        emulator.close()


@pytest.fixture
def export(opened, monkeypatch):
    """Exports from an emulator of a domain file: the command's output, and what it made."""
    monkeypatch.delenv("KINTONE_API_TOKEN", raising=False)

    def export(source, *arguments, token=None):
        emulator = source if isinstance(source, Emulator) else opened(source)
        monkeypatch.setenv("KINTONE_USERNAME", "sato")
        monkeypatch.setenv("KINTONE_PASSWORD", "secret")
        if token:
            monkeypatch.delenv("KINTONE_USERNAME")
            monkeypatch.delenv("KINTONE_PASSWORD")
            monkeypatch.setenv("KINTONE_API_TOKEN", token)
        with serve(emulator) as server:
            given = [each.replace("URL", server.url) for each in arguments]
            return CliRunner().invoke(command, ["emulator", "export", *given])

    return export


def settings_of(kintone, number):
    """Everything that an app's settings say, but for revisions and the ids of views."""
    found = {}
    for path in SETTINGS:
        answer = kintone.ok("GET", path, {"app": number})
        del answer["revision"]
        for view in answer.get("views", {}).values():
            del view["id"]
        found[path] = answer
    return found


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
    said = export(source, "URL")
    assert (said.exit_code, said.stderr) == (0, "")
    domain = json.loads(said.stdout)
    assert list(domain["apps"]) == ["Customers", "ORD"]
    assert domain["apps"]["ORD"]["form"]["properties"]["customer"]["lookup"]["relatedApp"] == {
        "app": "Customers"
    }
    assert domain["language"] == "ja"
    domain["users"] = SALES
    again = opened(domain)
    for number in (12, 1):
        assert settings_of(sato(source), number) == settings_of(sato(again), number)
    told = sato(again).ok("GET", "app.json", {"id": 1})
    assert (told["spaceId"], sato(again).find(12)) == ("3", [])


def test_records_come_on_request(export, opened):
    source = opened(shop())
    domain = json.loads(export(source, "URL", "--records").stdout)
    again = opened(domain)
    for number in (1, 7):
        before, after = sato(source).read(12, number), sato(again).read(12, number)
        del before["lines"], after["lines"]
        assert before == after
    row = sato(again).read(12, 1)["lines"][0]["value"]
    assert {code: cell["value"] for code, cell in row.items()} == {"item": "pen", "qty": "2"}


def test_more_records_than_a_page_come_out(export):
    records = [{"$id": number} for number in range(1, 502)]
    domain = json.loads(export(app(records=records), "URL", "--records").stdout)
    assert len(domain["apps"]["orders"]["records"]) == 501


def test_the_apps_that_are_looked_up_come_along(export):
    domain = json.loads(export(shop(), "URL/k/12/").stdout)
    assert list(domain["apps"]) == ["ORD", "Customers"]


def test_an_app_of_a_guest_space_is_exported_by_its_address_or_with_all(export):
    file = {**app(space="shared"), "spaces": {"shared": {"guest": True, "name": "Shared"}}}
    for url in ("URL/k/guest/1/1/", "URL"):
        domain = json.loads(export(file, url).stdout)
        assert domain["apps"]["orders"]["space"] == "space 1"
        assert domain["spaces"] == {"space 1": {"id": 1, "guest": True, "name": "Shared"}}


def test_whoever_is_named_is_there_without_a_password(export):
    file = shop(groups={"sales": {}}, users={**SALES, "kato": {"name": "加藤"}})
    orders = {**file["apps"]["orders"], "permissions": {"app": RIGHTS["app"]}}
    orders["form"] = {"properties": {"who": {"type": "USER_SELECT"}, "number": {"type": "NUMBER"}}}
    file["apps"] = {"orders": {**orders, "records": [{"who": [{"code": "kato"}]}]}}
    domain = json.loads(export(file, "URL", "--records").stdout)
    assert domain["users"] == {"Administrator": {"name": "Administrator"}, "kato": {"name": "加藤"}}
    assert domain["groups"] == {"sales": {}}


def test_what_a_token_may_not_read_is_left_out_and_said(export, opened):
    source = opened(shop())
    token = source.add_api_token(12, permissions=["view"])
    said = export(source, "URL/k/12/", token=token)
    assert said.exit_code == 0
    domain = json.loads(said.stdout)
    properties = domain["apps"]["ORD"]["form"]["properties"]
    assert (list(domain["apps"]), "lookup" in properties["customer"]) == (["ORD"], False)
    assert "permissions" not in domain["apps"]["ORD"]
    assert "Of the app ORD, the permissions cannot be read" in said.stderr
    assert "The app 1, which another one names, is left out" in said.stderr
    assert "Of the app ORD, the field customer is no lookup any more." in said.stderr
    assert token not in said.output
    opened(domain)


def test_states_and_attachments_of_records_are_said_to_be_left_out(export, opened):
    said = export(shop(), "URL/k/12", "--records")
    assert "Of the records of the app 12, states are left out." in said.stderr


def test_a_state_of_a_record_is_the_first_one_again(export, opened):
    source = opened(shop())
    action = {"app": 12, "id": 1, "action": "Finish"}
    sato(source).ok("PUT", "record/status.json", action)
    again = opened(json.loads(export(source, "URL", "--records").stdout))
    assert sato(again).read(12, 1)["Status"] == "Open"


def test_it_is_written_into_a_file(export, tmp_path):
    path = tmp_path / "shop.json"
    said = export(shop(), "URL", "--output", str(path))
    assert (said.exit_code, said.stdout) == (0, "")
    assert list(json.loads(path.read_text("utf-8"))["apps"]) == ["Customers", "ORD"]


@pytest.mark.parametrize(
    ("urls", "sentence"),
    [
        (["ftp://x.com"], "'ftp://x.com' is no address of a kintone or of an app in it"),
        (["http://x.com/k/m/"], "'http://x.com/k/m/' is no address of a kintone"),
        (["http://x.com", "http://y.com"], "the addresses are of several kintones"),
    ],
)
def test_another_address_is_refused(export, urls, sentence):
    said = export(app(), *urls)
    assert said.exit_code == 2
    assert sentence in " ".join(said.output.split())


def test_a_kintone_that_cannot_be_read_is_told_in_a_sentence(export):
    said = export(app(), "URL/k/99/")
    assert said.exit_code == 1
    assert "cannot be read:" in said.output


def test_what_the_emulator_does_not_take_is_said(export, opened, monkeypatch):
    from kintone_orm.cli import export as module

    found = module.Exported({"apps": {"a": {"form": {"properties": {"x": {"type": "NEW"}}}}}})
    monkeypatch.setattr(module, "exported", lambda *_, **__: found)
    said = export(app(), "URL")
    assert "The emulator does not take it as it is: The domain: apps.a.form" in said.stderr
    assert json.loads(said.stdout) == found.domain


def test_lookups_that_are_exported_with_records_find_their_source(export, opened):
    again = opened(json.loads(export(shop(), "URL", "--records").stdout))
    assert sato(again).read(12, 1)["customer_name"] == "Blue Bottle"
    assert cells(sato(again).read(12, 1))["customer"]["value"] == "C-1"
