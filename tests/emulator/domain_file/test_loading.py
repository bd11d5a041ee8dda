"""Setting up a domain from a domain file."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
import requests
from support.domain_files import TEXT, app, shop
from support.plain_kintone import Kintone, password

from kintone_orm.emulator import DomainFileError, Emulator


def test_the_process_the_views_and_the_code_are_in_service(enter):
    kintone = enter(shop())
    process = kintone.ok("GET", "app/status.json", {"app": 12})
    assert (process["enable"], list(process["states"])) == (True, ["Open", "Done"])
    assert kintone.read(12, 1)["Status"] == "Open"
    views = kintone.ok("GET", "app/views.json", {"app": 12})["views"]
    assert set(views) == {"All", "(Assigned to me)"}
    assert kintone.ok("GET", "apps.json", {"codes": ["ORD"]})["apps"][0]["name"] == "orders"


def test_answers_of_a_japanese_app_are_valid_sections():
    """anken.json consists of answers in kintone's documents, with their revisions."""
    file = Path(__file__).with_name("anken.json")
    with closing(Emulator.from_domain(file)) as emulator:
        kintone = Kintone(emulator, password("sato", "secret"))
        answer = json.loads(file.read_text("utf-8"))["apps"]["anken"]
        fields = kintone.ok("GET", "app/form/fields.json", {"app": 30})["properties"]
        assert {**fields, "文字列__1行_": None} == {
            **answer["form"]["properties"],
            "文字列__1行_": None,
        }
        layout = kintone.ok("GET", "app/form/layout.json", {"app": 30})["layout"]
        assert [line["type"] for line in layout] == ["ROW", "GROUP", "ROW", "SUBTABLE"]
        views = kintone.ok("GET", "app/views.json", {"app": 30})["views"]
        assert set(views) == {"一覧", "（作業者が自分）"}
        record = kintone.read(30, 1)
        assert (record["ステータス"], record["計算"]) == ("未処理", "5.5")


def test_permissions_are_in_force_after_the_records_were_made(enter):
    rights = [
        {"entity": {"type": "USER", "code": "sato"}, "recordViewable": True},
        {"entity": {"type": "USER", "code": "Administrator"}, "appEditable": True},
    ]
    file = app(form={"properties": {"a": TEXT}}, permissions={"app": rights}, records=[{"a": "x"}])
    kintone = enter(file)
    assert kintone.read(1, 1)["a"] == "x"
    assert kintone.error("POST", "record.json", {"app": 1})[:2] == (403, "CB_NO02")


def test_tokens_have_the_permissions_of_the_file(load):
    emulator = load(shop())
    token = {"X-Cybozu-API-Token": emulator.made.tokens["orders"]["ci"]}
    caller = Kintone(emulator, token)
    assert re.fullmatch("[0-9a-f]{40}", token["X-Cybozu-API-Token"])
    assert caller.error("POST", "record.json", {"app": 12})[1] == "GAIA_NO01"
    caller.ok("DELETE", "records.json", {"app": 12, "ids": [1]})
    assert caller.find(12) == [7]


def test_a_fixed_token_is_good_for_this_computer_only(load):
    serve = pytest.importorskip("kintone_orm.emulator.server").serve
    emulator = load(app(tokens={"ci": {"token": "my-own"}}))
    with pytest.raises(ValueError, match=r"whose tokens are fixed is not served at 0\.0\.0\.0"):
        serve(emulator, host="0.0.0.0")
    with serve(emulator) as server:
        headers = {"X-Cybozu-API-Token": "my-own"}
        url = f"{server.url}/k/v1/records.json?app=1"
        assert requests.get(url, headers=headers, timeout=60).status_code == 200


def test_an_app_is_in_its_space(enter):
    file = app(space="crm", tokens={}, records=[{}])
    kintone = enter({**file, "spaces": {"crm": {"name": "Sales"}}})
    space = kintone.ok("GET", "space.json", {"id": 1})
    assert (space["name"], [entry["appId"] for entry in space["attachedApps"]]) == ("Sales", ["1"])


def test_an_app_of_a_guest_space_is_on_its_path(load):
    file = {**app(space="shared", records=[{}]), "spaces": {"shared": {"guest": True}}}
    file["guests"] = {"mori@example.com": {"password": "hello", "spaces": ["shared"]}}
    session = requests.Session()
    session.mount("https://", load(file).adapter())
    session.headers.update(password("guest/mori@example.com", "hello"))
    answer = session.get("https://x.cybozu.com/k/guest/1/v1/record.json?app=1&id=1")
    assert answer.json()["record"]["$id"]["value"] == "1"


def test_the_same_in_python():
    with closing(Emulator.from_domain(shop())) as emulator:
        assert Kintone(emulator, password("sato", "secret")).find(12) == [7, 1]


def test_toml_gives_the_same_domain(toml, load):
    toml = """
        [users.sato]
        password = "secret"

        [apps.orders]
        id = 12

        [apps.orders.form.properties.due]
        type = "DATE"

        [apps.orders.form.properties.lines]
        type = "SUBTABLE"
        fields.qty.type = "NUMBER"

        [[apps.orders.records]]
        due = 2026-12-24
        lines = [{qty = 2.50}, {qty = 3}]

        [[apps.orders.records]]
        "$id" = 5
    """
    kintone = Kintone(load(toml, "domain.toml"), password("sato", "secret"))
    record = kintone.read(12, 1)
    quantities = [row["value"]["qty"]["value"] for row in record["lines"]]
    assert (record["due"], quantities) == ("2026-12-24", ["2.5", "3"])
    assert kintone.find(12) == [5, 1]


def test_a_time_of_toml_is_one_of_kintones(toml, load):
    """Times in TOML have seconds, kintone's have none: such a file was refused."""
    toml = """
        users.sato.password = "secret"
        [apps.orders.form.properties]
        at = {type = "TIME"}
        moment = {type = "DATETIME"}
        [[apps.orders.records]]
        at = 07:32:00
        moment = 2026-12-24T09:00:00+09:00
    """
    kintone = Kintone(load(toml, "domain.toml"), password("sato", "secret"))
    record = kintone.read(1, 1)
    assert (record["at"], record["moment"]) == ("07:32", "2026-12-24T00:00:00Z")


def test_a_token_comes_from_the_environment(load):
    file = app(tokens={"ci": {"permissions": ["view", "add"], "token": {"env": "CI_TOKEN"}}})
    emulator = load(file, environ={"CI_TOKEN": "from-outside"})
    assert emulator.made.tokens == {"orders": {"ci": "from-outside"}}
    assert Kintone(emulator, {"X-Cybozu-API-Token": "from-outside"}).add(1) == 1
    assert emulator.has_fixed_tokens


def test_a_token_that_the_environment_has_not_is_named_and_others_are_not_shown(load):
    file = app(tokens={"ci": {"token": {"env": "CI_TOKEN"}}, "b": {"token": "my-own"}})
    with pytest.raises(DomainFileError) as refusal:
        load(file, environ={"CI_TOKNE": "from-outside"})
    (problem,) = refusal.value.problems
    assert problem.partition("line 1: ")[2] == (
        "apps.orders.tokens.ci.token.env: The environment variable CI_TOKEN is not set or is "
        'empty. Did you mean "CI_TOKNE"?'
    )
