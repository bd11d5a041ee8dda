"""Setting up a domain from a domain file."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
import requests
from support.domain_files import CUSTOMERS, ORDERS, TEXT, app, form, shop
from support.plain_kintone import Kintone, cells, password

from kintone_orm.emulator import DomainFileError, Emulator


def test_apps_refer_to_each_other_by_key_in_any_order(enter):
    for apps in (
        {"orders": ORDERS, "customers": CUSTOMERS},
        {"customers": CUSTOMERS, "orders": ORDERS},
    ):
        kintone = enter(shop(apps=apps))
        customers = kintone.emulator.made.apps["customers"]
        fields = kintone.ok("GET", "app/form/fields.json", {"app": 12})["properties"]
        assert fields["customer"]["lookup"]["relatedApp"] == {"app": str(customers), "code": ""}
        fields = kintone.ok("GET", "app/form/fields.json", {"app": customers})["properties"]
        table = fields["orders"]["referenceTable"]
        assert table["relatedApp"] == {"app": "12", "code": "ORD"}


def test_lookups_may_go_round_in_a_circle(enter):
    def part(other):
        lookup = {"relatedApp": {"app": other}, "relatedKeyField": "key", "fieldMappings": []}
        copied = {"field": "copy", "relatedField": "partner"}
        lookup = {**lookup, "fieldMappings": [copied]}
        fields = {
            "key": {**TEXT, "unique": True},
            "partner": {**TEXT, "lookup": lookup},
            "copy": TEXT,
        }
        return {"form": {"properties": fields}}

    kintone = enter({**app(), "apps": {"a": part("b"), "b": part("a"), "c": part("c")}})
    assert list(kintone.emulator.made.apps) == ["a", "b", "c"]


def test_records_are_there_whose_lookups_find_what_comes_later(enter):
    kintone = enter(shop())
    order = kintone.read(12, 1)
    assert (order["Record_number"], order["customer_name"]) == ("ORD-1", "Blue Bottle")
    (row,) = order["lines"]
    assert [row["value"][code]["value"] for code in ("item", "qty")] == ["pen", "2"]
    assert kintone.find(12) == [7, 1]
    assert kintone.add(12, number="3") == 8


def partners(required=False):
    """Return a file with two apps whose records look up each other."""

    def part(other, key, partner):
        lookup = {"relatedApp": {"app": other}, "relatedKeyField": "key"}
        lookup["fieldMappings"] = [{"field": "copy", "relatedField": "name"}]
        fields = {
            "key": {**TEXT, "unique": True},
            "name": TEXT,
            "partner": {**TEXT, "required": required, "lookup": lookup},
            "copy": TEXT,
        }
        records = [{"key": key, "name": f"Name of {key}", "partner": partner}]
        return {"form": {"properties": fields}, "records": records}

    return {**app(), "apps": {"a": part("b", "A", "B"), "b": part("a", "B", "A")}}


def test_records_may_look_each_other_up(enter):
    kintone = enter(partners())
    assert [kintone.read(number, 1)["copy"] for number in (1, 2)] == ["Name of B", "Name of A"]


def test_records_that_cannot_do_without_each_other_are_refused(load):
    with pytest.raises(DomainFileError, match=r"a\.records\[0\]\.partner: A value B in the field"):
        load(partners(required=True))


def test_the_process_the_views_and_the_code_are_in_service(enter):
    kintone = enter(shop())
    process = kintone.ok("GET", "app/status.json", {"app": 12})
    assert (process["enable"], list(process["states"])) == (True, ["Open", "Done"])
    assert kintone.read(12, 1)["Status"] == "Open"
    views = kintone.ok("GET", "app/views.json", {"app": 12})["views"]
    assert set(views) == {"All", "(Assigned to me)"}
    assert kintone.ok("GET", "apps.json", {"codes": ["ORD"]})["apps"][0]["name"] == "orders"


def test_what_a_real_app_answers_is_taken_as_it_is(kintone, enter):
    source = kintone.new_app({"名前": TEXT, "total": {"type": "NUMBER", "unit": "円"}})
    answers = {
        "form": ("app/form/fields.json", ["properties", "revision"]),
        "settings": ("app/settings.json", None),
        "process": ("app/status.json", None),
    }
    exported = {
        section: kintone.ok("GET", path, {"app": source}) for section, (path, _) in answers.items()
    }
    exported["form"]["layout"] = kintone.ok("GET", "app/form/layout.json", {"app": source})[
        "layout"
    ]

    again = enter(app(**exported))

    for path in ("app/form/fields.json", "app/form/layout.json", "app/settings.json"):
        old, new = kintone.ok("GET", path, {"app": source}), again.ok("GET", path, {"app": 1})
        assert {**old, "revision": None} == {**new, "revision": None}


def test_what_a_japanese_app_answers_is_taken_as_it_is():
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


@pytest.mark.parametrize(
    ("language", "codes"),
    [
        ("en", ["Record_number", "Created_by", "Created_datetime"]),
        ("ja", ["レコード番号", "作成者", "作成日時"]),
    ],
)
def test_the_language_is_that_of_the_codes_of_built_in_fields(enter, language, codes):
    kintone = enter({**form(a=TEXT), "language": language})
    assert set(codes) <= set(kintone.read(1, kintone.add(1)))
    later = kintone.new_app({})
    assert set(codes) <= set(kintone.read(later, kintone.add(later)))


def test_a_form_may_have_the_built_in_codes_of_another_language(enter):
    kintone = enter(form(レコード番号={"type": "RECORD_NUMBER", "noLabel": True}, a=TEXT))
    fields = kintone.ok("GET", "app/form/fields.json", {"app": 1})["properties"]
    assert fields["レコード番号"]["noLabel"] is True
    assert "Record_number" not in fields


def test_a_form_that_has_built_in_fields_has_no_others(enter):
    """endpoints.md 15: five of them may be deleted from a form."""
    number = {"type": "RECORD_NUMBER"}
    kintone = enter(form(Record_number=number, Created_by={"type": "CREATOR"}, a=TEXT))
    fields = kintone.ok("GET", "app/form/fields.json", {"app": 1})["properties"]
    assert set(fields) == {"Record_number", "Created_by", "a", "Status", "Assignee", "Categories"}


def test_ids_and_tokens_that_are_fixed_are_what_the_file_says(load):
    file = shop(
        groups={"sales": {"id": 9}, "boss": {}},
        spaces={"any": {}, "crm": {"id": 4}},
        apps={"first": {}, "fixed": {"id": 1, "tokens": {"ci": {"token": "my-own"}}}},
    )
    made = load(file).made
    assert made.apps == {"first": 2, "fixed": 1}
    assert made.groups == {"sales": 9, "boss": 10}
    assert {key: space.id for key, space in made.spaces.items()} == {"any": 5, "crm": 4}
    assert made.tokens == {"fixed": {"ci": "my-own"}}


def test_tokens_may_do_what_the_file_says(load):
    emulator = load(shop())
    token = {"X-Cybozu-API-Token": emulator.made.tokens["orders"]["ci"]}
    caller = Kintone(emulator, token)
    assert re.fullmatch("[0-9a-f]{40}", token["X-Cybozu-API-Token"])
    assert caller.error("POST", "record.json", {"app": 12})[1] == "GAIA_NO01"
    caller.ok("DELETE", "records.json", {"app": 12, "ids": [1]})
    assert caller.find(12) == [7]


def test_tokens_are_not_in_the_repr(load):
    emulator = load(app(tokens={"ci": {"token": "my-own"}}))
    assert "my-own" not in repr(emulator.made)


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


def test_a_copy_knows_what_it_was_given(load):
    emulator = load(app(tokens={"ci": {"token": "my-own"}}))
    with closing(emulator.copy()) as twin:
        assert twin.made == emulator.made
        assert twin.has_fixed_tokens
        assert Kintone(twin, {"X-Cybozu-API-Token": "my-own"}).find(1) == []


def test_toml_says_the_same(toml, load):
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


def test_records_tell_who_and_when_if_the_file_does(enter):
    stored = {"Created_by": {"code": "sato"}, "Created_datetime": "2020-01-02T03:04:00Z"}
    record = enter(app(records=[stored])).read(1, 1)
    assert record["Created_by"] == {"code": "sato", "name": "sato"}
    assert record["Created_datetime"] == "2020-01-02T03:04:00Z"


def test_a_record_as_kintone_answers_it_is_taken(kintone, enter):
    source = kintone.new_app({"a": TEXT, "t": {"type": "SUBTABLE", "fields": {"b": TEXT}}})
    rows = [{"value": cells({"b": "y"})}]
    number = kintone.add(source, a="x", t=rows)
    answer = kintone.ok("GET", "record.json", {"app": source, "id": number})["record"]
    fields = kintone.ok("GET", "app/form/fields.json", {"app": source})
    again = enter({**app(form=fields, records=[answer]), "users": {"sato": {"password": "secret"}}})
    assert again.read(1, 1)["t"][0]["value"]["b"]["value"] == "y"
