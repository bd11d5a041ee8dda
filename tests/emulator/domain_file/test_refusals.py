"""Problems of a domain file: each has its line, its place and a suggestion."""

from __future__ import annotations

import json

import pytest
from support.domain_files import app, form, problems, problems_of_text, shop

ORDERS = "apps.orders"


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
def test_a_problem_found_by_the_api_has_its_message(domain, problem):
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


def test_an_action_to_an_unknown_state_is_a_problem():
    process = json.loads(json.dumps(shop()))["apps"]["orders"]["process"]
    process["actions"][0]["to"] = "Doen"
    assert problems(changed("process", process)) == [
        f'{ORDERS}.process.actions[0].to: There is no state "Doen". Did you mean "Done"?'
    ]


def test_a_password_is_in_no_refusal(tmp_path):
    text = '{"users": {"sato": {"password": "pass,word", "passwrd": "pass,word"}}}'
    assert "pass,word" not in "".join(problems_of_text(tmp_path, text))
    tokens = {"ci": {"token": "to,ken"}}
    assert "to,ken" not in "".join(problems(app(tokens=tokens)))
