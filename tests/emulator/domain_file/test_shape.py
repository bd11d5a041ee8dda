"""A mistake in the shape of a domain file is reported with its place."""

from __future__ import annotations

import pytest
from support.domain_files import TEXT, app, form, problems


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
            "groups.b.id: The id is used twice. There is already a group 1.",
        ),
        (app(from_={}), f'{ORDERS}.from_: There is no key "from_". Did you mean "form"?'),
        (app(space="crm"), f'{ORDERS}.space: There is no space "crm".'),
        (
            app(code="A B"),
            (
                f"{ORDERS}.code: An app code has up to 64 characters: a to z, 0 to 9 and _. "
                "'A B' is not valid."
            ),
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
def test_a_problem_has_its_place(domain, problem):
    assert problems(domain) == [problem]


def test_all_problems_of_the_shape_are_reported_together():
    sentences = problems({"usres": {}, "apps": {"orders": {"idd": 1, "code": 5}}})
    assert [problem.partition(":")[0] for problem in sentences] == [
        "usres",
        "apps.orders.idd",
        "apps.orders.code",
    ]
