"""A program that sends plain requests to the emulator, without kintone_orm's own client."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone

import requests

BASE = "https://example.cybozu.com/k/v1/"


class Clock:
    """A clock that only the test moves."""

    def __init__(self):
        self.now = datetime(2024, 2, 6, 12, 59, 7, tzinfo=timezone.utc)

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)


class Kintone:
    """A caller with credentials: sends requests and reads the answers."""

    def __init__(self, emulator, headers):
        self.emulator = emulator
        self.session = requests.Session()
        self.session.mount("https://", emulator.adapter())
        self.session.headers.update(headers)

    def send(self, method, path, body=None, **options):
        """The response to a request whose parameters are a JSON body."""
        return self.session.request(method, BASE + path, json=body, **options)

    def ok(self, method, path, body=None, **options):
        """Send a request that must succeed, and return its answer."""
        response = self.send(method, path, body, **options)
        assert response.status_code == 200, response.text
        return response.json()

    def error(self, method, path, body=None, **options):
        """Send a request that must fail, and return the status, code and message."""
        response = self.send(method, path, body, **options)
        answer = response.json()
        assert response.status_code >= 400, answer
        return response.status_code, answer["code"], answer["message"]

    def messages(self, method, path, body=None, **options):
        """Send a request that must fail with CB_VA01, and return its messages by path."""
        answer = self.send(method, path, body, **options).json()
        assert answer["code"] == "CB_VA01", answer
        return {path: error["messages"] for path, error in answer["errors"].items()}

    def new_app(self, properties, *, name="An app", precision=None):
        """Make and deploy an app, and return its id. Definitions need neither code nor label."""
        app = int(self.ok("POST", "preview/app.json", {"name": name})["app"])
        # A field of related records can only be added after the field of its condition.
        last = {
            code: definition
            for code, definition in properties.items()
            if definition["type"] == "REFERENCE_TABLE"
        }
        first = {code: properties[code] for code in properties if code not in last}
        for definitions_now in (first, last) if last else (first,):
            self.ok(
                "POST",
                "preview/app/form/fields.json",
                {"app": app, "properties": described(definitions_now)},
            )
        if precision:
            settings = {"app": app, "numberPrecision": precision}
            self.ok("PUT", "preview/app/settings.json", settings)
        assert self.deploy(app) == "SUCCESS"
        return app

    def deploy(self, *apps):
        """Deploy these apps and return the deploy status of the first."""
        body = {"apps": [{"app": app} for app in apps]}
        self.ok("POST", "preview/app/deploy.json", body)
        self.ok("GET", "preview/app/deploy.json", {"apps": [apps[0]]})
        answer = self.ok("GET", "preview/app/deploy.json", {"apps": [apps[0]]})
        return answer["apps"][0]["status"]

    def add(self, app, /, **values):
        """Add a record with these values and return its id."""
        return int(self.ok("POST", "record.json", {"app": app, "record": cells(values)})["id"])

    def put(self, app, number, /, **values):
        """Update a record with these values and return its new revision."""
        body = {"app": app, "id": number, "record": cells(values)}
        return int(self.ok("PUT", "record.json", body)["revision"])

    def read(self, app, number):
        """The values of a record, by code."""
        record = self.ok("GET", "record.json", {"app": app, "id": number})["record"]
        return {code: cell["value"] for code, cell in record.items()}

    def find(self, app, query="", **parameters):
        """The ids of the records that a query finds."""
        body = {"app": app, "query": query, "fields": ["$id"], **parameters}
        records = self.ok("GET", "records.json", body)["records"]
        return [int(record["$id"]["value"]) for record in records]


def cells(values):
    return {code: {"value": value} for code, value in values.items()}


def described(properties):
    """Complete definitions: the key is the code, and the label too."""
    complete = {}
    for code, definition in properties.items():
        complete[code] = {"code": code, "label": code, **definition}
        if "fields" in definition:
            complete[code]["fields"] = described(definition["fields"])
    return complete


def options(*names):
    return {name: {"label": name, "index": str(i)} for i, name in enumerate(names)}


def password(code, secret):
    credentials = base64.b64encode(f"{code}:{secret}".encode()).decode()
    return {"X-Cybozu-Authorization": credentials}
