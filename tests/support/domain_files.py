"""Domain files: one of a shop with two apps, people and records, and helpers to load others."""

from __future__ import annotations

import pytest

from kintone_orm.emulator import DomainFileError, Emulator

TEXT = {"type": "SINGLE_LINE_TEXT"}

CUSTOMERS = {
    "name": "Customers",
    "form": {
        "properties": {
            "code": {**TEXT, "unique": True},
            "name": TEXT,
            "orders": {
                "type": "REFERENCE_TABLE",
                "referenceTable": {
                    "relatedApp": {"app": "orders"},
                    "condition": {"field": "code", "relatedField": "customer"},
                    "displayFields": ["number"],
                },
            },
        }
    },
    "records": [{"code": "C-1", "name": "Blue Bottle"}],
}

ORDERS = {
    "id": 12,
    "code": "ORD",
    "form": {
        "properties": {
            "number": {**TEXT, "unique": True, "required": True},
            "customer": {
                **TEXT,
                "lookup": {
                    "relatedApp": {"app": "customers"},
                    "relatedKeyField": "code",
                    "fieldMappings": [{"field": "customer_name", "relatedField": "name"}],
                },
            },
            "customer_name": TEXT,
            "lines": {"type": "SUBTABLE", "fields": {"item": TEXT, "qty": {"type": "NUMBER"}}},
        }
    },
    "views": {"All": {"type": "LIST", "index": 0, "fields": ["number"]}},
    "process": {
        "enable": True,
        "states": {
            "Open": {"index": 0, "assignee": {"type": "ONE", "entities": []}},
            "Done": {"index": 1, "assignee": {"type": "ONE", "entities": []}},
        },
        "actions": [{"name": "Finish", "from": "Open", "to": "Done"}],
    },
    "tokens": {"ci": {"permissions": ["view", "delete"]}},
    "records": [
        {"number": "1", "customer": "C-1", "lines": [{"item": "pen", "qty": 2}]},
        {"$id": 7, "number": {"value": "2"}},
    ],
}


def shop(**more):
    """The domain file, with the sections `more`. Orders come before the app that they refer to."""
    users = {"sato": {"password": "secret"}}
    return {"users": users, "apps": {"orders": ORDERS, "customers": CUSTOMERS}, **more}


def app(**parts):
    """A domain file of one app, "orders", with these settings."""
    return {"users": {"sato": {"password": "secret"}}, "apps": {"orders": parts}}


def form(**properties):
    """A file of one app with these fields."""
    return app(form={"properties": properties})


def everything():
    """A file that uses every key."""
    sales = {"entity": {"type": "GROUP", "code": "sales"}}
    sato = {"entity": {"type": "USER", "code": "sato"}}
    option = {"A": {"label": "A", "index": "0"}}
    more = {
        "c": {"type": "DROP_DOWN", "options": option},
        "who": {"type": "USER_SELECT", "defaultValue": [{"type": "USER", "code": "sato"}]},
        "Created_by": {"type": "CREATOR"},
        "Record_number": {"type": "RECORD_NUMBER"},
    }
    first = {"c": "A", "who": [{"code": "sato"}], "Created_by": {"code": "sato"}}
    orders = {
        **ORDERS,
        "name": "Orders",
        "space": "crm",
        "form": {"properties": {**ORDERS["form"]["properties"], **more}, "revision": "5"},
        "settings": {
            "theme": "RED",
            "titleField": {"selectionMode": "MANUAL", "code": "number"},
            "numberPrecision": {"digits": "16"},
        },
        "permissions": {
            "app": [{**sato, "appEditable": True, "recordViewable": True}],
            "record": [{"filterCond": 'number = "1"', "entities": [{**sales, "viewable": True}]}],
            "field": [{"code": "number", "entities": [{**sato, "accessibility": "READ"}]}],
        },
        "webhooks": [{"url": "http://localhost:1/", "events": ["ADD_RECORD"]}],
        "tokens": {"ci": {"permissions": ["view"]}, "own": {"token": "the-secret"}},
        "records": [{**ORDERS["records"][0], **first}, ORDERS["records"][1]],
    }
    user = {
        "password": "the-secret",
        "name": "佐藤",
        "groups": ["sales"],
        "organization": "tokyo",
        "organizations": ["tokyo", "japan"],
        "timezone": "Asia/Tokyo",
    }
    return {
        "language": "en",
        "users": {"sato": user},
        "groups": {"sales": {"id": 3, "name": "Sales"}},
        "organizations": {"tokyo": {"parent": "japan", "name": "東京"}, "japan": {}},
        "spaces": {"crm": {"id": 4, "name": "CRM"}, "shared": {"guest": True}},
        "guests": {"m@x.com": {"password": "p", "name": "m", "spaces": ["shared"]}},
        "apps": {"orders": orders, "customers": CUSTOMERS},
    }


def problems(domain, **options):
    """The sentences with which a domain file is refused."""
    with pytest.raises(DomainFileError) as refusal:
        Emulator.from_domain(domain, **options)
    return [problem.removeprefix("The domain: ") for problem in refusal.value.problems]


def write_file(tmp_path, text, name="good.toml"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def problems_of_text(tmp_path, text, name="domain.json"):
    """The sentences with which a file of this text is refused, without the file's name."""
    path = write_file(tmp_path, text, name)
    return [problem.removeprefix(str(path)) for problem in problems(path)]
