"""A reader of the pages, in place of a browser on this computer."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from support.pages.markup import plant

werkzeug_test = pytest.importorskip("werkzeug.test")
wsgi = pytest.importorskip("kintone_orm.emulator.wsgi")
pytest.importorskip("jinja2")

VOID = {"meta", "link", "input"}
LOOPBACK = {"REMOTE_ADDR": "127.0.0.1"}


class Read(HTMLParser):
    """The status of a page, its texts by tag, and its tags. Wrong nesting is an error."""

    def __init__(self, response):
        super().__init__()
        self.status = response.status_code
        self.html = response.get_data(as_text=True)
        self.headers = response.headers
        self.texts = {}
        self.tags = []
        self._open = []
        self.feed(self.html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if data.strip():
            place = self._open[-1] if self._open else ""  # of a refusal that is no page
            self.texts.setdefault(place, []).append(" ".join(data.split()))

    def all_text(self):
        return [text for texts in self.texts.values() for text in texts]

    def links(self):
        return [attributes["href"] for tag, attributes in self.tags if tag == "a"]


@pytest.fixture
def planted(kintone, emulator):
    """The app and the id of a record with markup in every text."""
    return plant(kintone, emulator)


@pytest.fixture
def client(emulator):
    return werkzeug_test.Client(wsgi.WSGIApplication(emulator))


@pytest.fixture
def browse(client):
    """Return a function that reads a page of this emulator."""

    def read(path, *, method="GET", **options):
        options.setdefault("environ_base", LOOPBACK)
        return Read(client.open(path, method=method, **options))

    return read
