"""Problems of a domain file: each has its line, its place and a suggestion."""

from __future__ import annotations

import json

import pytest
from support.domain_files import TEXT, app, form, shop

from kintone_orm.emulator import DomainFileError, Emulator


def problems(domain, **options):
    with pytest.raises(DomainFileError) as refusal:
        Emulator.from_domain(domain, **options)
    return [problem.removeprefix("The domain: ") for problem in refusal.value.problems]


def lookup(**changes):
    good = {
        "relatedApp": {"app": "orders"},
        "relatedKeyField": "key",
        "fieldMappings": [{"field": "copy", "relatedField": "key"}],
    }
    key = {**TEXT, "unique": True}
    return form(key=key, look={**TEXT, "lookup": {**good, **changes}}, copy=TEXT)


ORDERS = "apps.orders"
LOOK = f"{ORDERS}.form.properties.look.lookup"


@pytest.mark.parametrize(
    ("domain", "problem"),
    [
        ({"usres": {}}, 'usres: There is no key "usres". Did you mean "users"?'),
        ({"language": "fr"}, 'language: The value must be one of "en", "ja".'),
        ({"users": []}, "users: The value must be an object of names and values."),
        ({"spaces": {"crm": {"id": 0}}}, "spaces.crm.id: An id must be a whole number from 1."),
        ({"spaces": {"crm": {"guest": 1}}}, "spaces.crm.guest: The value must be true or false."),
        (
            {"users": {"sato": {"password": 5}}},
            (
                'users.sato.password: The value must be a text, or {"env": "NAME"} for an '
                "environment variable."
            ),
        ),
        (
            {"users": {"sato": {"timezone": "Asia/Tokio"}}},
            (
                'users.sato.timezone: The value must be a time zone such as "Asia/Tokyo". Did you '
                'mean "Asia/Tokyo"?'
            ),
        ),
        (
            {"users": {"sato": {"groups": ["sale"]}}, "groups": {"sales": {}}},
            'users.sato.groups[0]: There is no group "sale". Did you mean "sales"?',
        ),
        (
            {"guests": {"m@x.com": {"spaces": ["crm"]}}, "spaces": {"crm": {}}},
            'guests.m@x.com.spaces[0]: There is no guest space "crm".',
        ),
        (
            {"groups": {"a": {"id": 1}, "b": {"id": 1}}},
            "groups.b.id: The id is used twice: there is a group 1 already.",
        ),
        (app(from_={}), f'{ORDERS}.from_: There is no key "from_". Did you mean "form"?'),
        (app(space="crm"), f'{ORDERS}.space: There is no space "crm".'),
        (
            app(code="A B"),
            f"{ORDERS}.code: An app code has up to 64 of a to z, 0 to 9 and _: 'A B'.",
        ),
        (
            app(settings={"theme": "BLU"}),
            f'{ORDERS}.settings.theme: must be one of the enum value. Did you mean "BLUE"?',
        ),
        (
            app(tokens={"ci": {"permissions": ["veiw"]}}),
            (
                f'{ORDERS}.tokens.ci.permissions[0]: The value must be one of "view", "add", '
                '"edit", "delete", "manage". Did you mean "view"?'
            ),
        ),
        (
            form(a={**TEXT, "uniqe": True}),
            (
                f"{ORDERS}.form.properties.a.uniqe: There is no parameter uniqe. The emulator "
                'refuses what kintone ignores. Did you mean "unique"?'
            ),
        ),
        (
            form(a={"type": "SINGLE_LINE_TXT"}),
            (
                f"{ORDERS}.form.properties.a.type: must be one of the enum value. Did you mean "
                '"SINGLE_LINE_TEXT"?'
            ),
        ),
        (
            lookup(relatedApp={"app": "order"}),
            f'{LOOK}.relatedApp.app: There is no app "order". Did you mean "orders"?',
        ),
        (
            lookup(relatedKeyField="kee"),
            (
                f"{LOOK}.relatedKeyField: The related app has no field with this code. Did you "
                'mean "key"?'
            ),
        ),
        (
            lookup(fieldMappings=[{"field": "copi", "relatedField": "key"}]),
            (
                f"{LOOK}.fieldMappings[0].field: The field (code: copi) not found. "
                'Did you mean "copy"?'
            ),
        ),
        ({"users": {"": {"password": "x"}}}, "users: A name in this object is empty."),
        (
            app(records=[{"$id": 1}, {"$id": 1}]),
            f"{ORDERS}.records[1].$id: There is already a record 1.",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(domain, problem):
    assert problems(domain) == [problem]


FILES = [{"fileKey": "abc", "name": "a.pdf"}]


def changed(section, value):
    """Return the shop's file with another value in the app "orders"."""
    file = json.loads(json.dumps(shop()))
    file["apps"]["orders"][section] = value
    return file


@pytest.mark.parametrize(
    ("domain", "problem"),
    [
        (
            changed("views", {"All": {"type": "LIST", "index": 0, "fields": ["numbr"]}}),
            'views.All.fields[0]: The field (code: numbr) not found. Did you mean "number"?',
        ),
        (
            changed("permissions", {"app": [{"entity": {"type": "USER", "code": "saito"}}]}),
            (
                "permissions.app[0].entity.code: The specified user (code：saito) not found. Did "
                'you mean "sato"?'
            ),
        ),
        (
            changed("records", [{"number": "1", "lines": [{"itme": "pen"}]}]),
            'records[0].lines[0].itme: There is no field "itme". Did you mean "item"?',
        ),
        (changed("settings", {"description": ["x"]}), "settings.description: must be a string."),
        (
            changed("records", [{"number": "1", "lines": [{"qty": "many"}]}]),
            "records[0].lines[0].qty: Only numbers are allowed.",
        ),
        (
            changed("records", [{"number": "1", "customer": "C-9"}]),
            (
                "records[0].customer: A value C-9 in the field customer does not exist in the "
                "datasource app for lookup, or you do not have permission to view the app or the "
                "field."
            ),
        ),
        (
            changed("settings", {"nmae": "Orders of today"}),
            (
                "settings.nmae: There is no parameter nmae. The emulator refuses what kintone "
                'ignores. Did you mean "name"?'
            ),
        ),
        (
            changed("records", [{"number": "1", "Status": "Done"}]),
            "records[0].Status: A new record has the first status. Leave this field out.",
        ),
        (
            changed("records", [{"number": "1", "Assignee": []}]),
            ("records[0].Assignee: The first status decides the assignees. Leave this field out."),
        ),
        (
            changed("records", [{"number": "1", "Categories": ["a"]}]),
            "records[0].Categories: The emulator has no categories. Leave this field out.",
        ),
    ],
)
def test_a_mistake_in_what_the_api_takes_is_told_as_the_api_tells_it(domain, problem):
    assert problems(domain) == [f"{ORDERS}.{problem}"]


@pytest.mark.parametrize("record", [{"paper": FILES}, {"rows": [{"scan": FILES}]}])
def test_attachments_of_a_record_are_refused(record):
    columns = {"scan": {"type": "FILE"}}
    file = form(paper={"type": "FILE"}, rows={"type": "SUBTABLE", "fields": columns})
    file["apps"]["orders"]["records"] = [{"paper": [], "rows": [{"scan": []}]}, record]
    (problem,) = problems(file)
    assert problem.endswith(
        ": A domain file cannot contain attachments. Leave this field out, or leave its list empty."
    )


def test_an_action_to_no_state_is_told():
    process = json.loads(json.dumps(shop()))["apps"]["orders"]["process"]
    process["actions"][0]["to"] = "Doen"
    assert problems(changed("process", process)) == [
        f'{ORDERS}.process.actions[0].to: There is no state "Doen". Did you mean "Done"?'
    ]


def test_all_mistakes_of_the_shape_are_told_at_once():
    sentences = problems({"usres": {}, "apps": {"orders": {"idd": 1, "code": 5}}})
    assert [problem.partition(":")[0] for problem in sentences] == [
        "usres",
        "apps.orders.idd",
        "apps.orders.code",
    ]


# Lines


def _written(tmp_path, text, name="good.toml"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def told(tmp_path, text, name="domain.json"):
    path = _written(tmp_path, text, name)
    return [problem.removeprefix(str(path)) for problem in problems(path)]


def test_a_mistake_in_json_has_its_line(tmp_path):
    text = '{\n"apps": {\n"orders": {\n"form": {"properties": {\n"a": {\n"type": "NUMBR"}}}}}}'
    (problem,) = told(tmp_path, text)
    assert problem.startswith(", line 6: apps.orders.form.properties.a.type:")


def test_mistakes_are_told_in_the_order_of_their_lines(tmp_path):
    text = '{\n"spaces": {"crm": {\n"id": 0}},\n"apps": 5}'
    assert [problem.partition(":")[0] for problem in told(tmp_path, text)] == [
        ", line 3",
        ", line 4",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{\n"a": }', ", line 2: The file is not valid JSON: Expecting value."),
        ('{"apps": {},\n"apps": {}}', ', line 2: The key "apps" appears twice.'),
        ("[]", ", line 1: A domain file must be an object of names and values."),
        ('{"a": NaN}', ": The file is not valid JSON: NaN is not a number."),
        ("[" * 100_000, ": The file is not valid JSON: "),
    ],
)
def test_what_is_no_json_is_told(tmp_path, text, problem):
    (sentence,) = told(tmp_path, text)
    assert sentence.startswith(problem)


def test_what_is_not_there_or_no_domain_file_is_told(tmp_path):
    assert problems(tmp_path / "no.json") == [
        f"{tmp_path / 'no.json'}: The file cannot be read: No such file or directory."
    ]
    assert problems("domain.yaml") == ["domain.yaml: A domain file must be a .json or .toml file."]
    (tmp_path / "sjis.json").write_bytes('{"名": 1}'.encode("cp932"))
    assert problems(tmp_path / "sjis.json")[0].endswith(
        ": The file is not in UTF-8. Save it as UTF-8."
    )


TOML = r"""
# A comment with "quotes" and [brackets]
language = "ja"
[users."sato@x.com"]
name = '''
two lines'''   # ]
groups = [
  "a", # one
  'b',
]
[[apps.orders.records]]
"a" = 1
[[apps.orders.records]]
lines = [{b = 1}, {b = 2}]
[apps.orders.form]
properties.a.type = "NUMBER"
properties.lines = {type = "SUBTABLE", fields = {b = {type = "NUMBER"}}}
[groups]
a = {name = "A"}
b = {}
"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("language", "langauge", 3),
        ('"a", # one', "5, # one", 8),
        ('"a" = 1', "z = 1", 12),
        ("{b = 2", "{d = 2", 14),
        ('"NUMBER"\n', '"NUMBR"\n', 16),
        ('{b = {type = "NUMBER"}}', '{b = {type = "NUMBR"}}', 17),
        ('name = "A"', "name = 5", 19),
    ],
)
def test_a_mistake_in_toml_has_its_line(toml, tmp_path, old, new, line):
    text = TOML.replace(old, new, 1)
    problem = told(tmp_path, text, "domain.toml")[0]
    assert problem.startswith(f", line {line}: ")
    Emulator.from_domain(_written(tmp_path, TOML)).close()


def test_what_is_no_toml_is_told(toml, tmp_path):
    (problem,) = told(tmp_path, "a = \n", "domain.toml")
    assert problem.startswith(": The file is not valid TOML: Invalid value (at line 1, column 5)")


def test_a_password_is_in_no_refusal(tmp_path):
    text = '{"users": {"sato": {"password": "pass,word", "passwrd": "pass,word"}}}'
    assert "pass,word" not in "".join(told(tmp_path, text))
    tokens = {"ci": {"token": "to,ken"}}
    assert "to,ken" not in "".join(problems(app(tokens=tokens)))
