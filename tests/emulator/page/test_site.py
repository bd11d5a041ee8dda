"""The access to the pages, and their headers."""

from __future__ import annotations

import pytest

PATHS = ["/", "/apps/1", "/apps/1/records/1", "/requests", "/requests/1", "/faults"]


@pytest.fixture
def filled(kintone):
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})
    kintone.add(app, name="Tanaka")


@pytest.mark.parametrize("path", PATHS)
def test_each_page_is_there(filled, browse, path):
    assert browse(path).status == 200


@pytest.mark.parametrize("path", ["/apps/9", "/apps/1/records/9", "/requests/999", "/apps/x"])
def test_an_unknown_page_is_not_found(filled, browse, path):
    assert browse(path).status == 404


@pytest.mark.parametrize("number", ["9" * 18, "9" * 30, "9" * 5000, "\u0661"])
@pytest.mark.parametrize("path", ["/apps/{}", "/apps/1/records/{}", "/requests/{}"])
def test_a_number_that_no_database_holds_is_not_found(filled, browse, path, number):
    assert browse(path.format(number)).status == 404


@pytest.mark.parametrize("path", [*PATHS, "/style.css"])
def test_a_foreign_host_is_refused(filled, browse, path):
    for host in ("evil.example", "localhost.evil.example", "[::1", "", "10.0.0.1:80"):
        page = browse(path, headers={"Host": host})
        assert page.status == 403
        assert "Tanaka" not in page.html


@pytest.mark.parametrize("host", ["localhost", "localhost:8008", "127.0.0.1:1", "[::1]:8008"])
def test_this_computer_has_several_names(browse, host):
    assert browse("/", headers={"Host": host}).status == 200


@pytest.mark.parametrize("address", ["192.168.1.7", "2001:db8::1", None])
def test_a_client_on_another_computer_is_refused(filled, browse, address):
    environ = {"REMOTE_ADDR": address} if address else {}
    assert browse("/apps/1", environ_base=environ).status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_pages_can_only_be_looked_at(filled, browse, method):
    page = browse("/apps/1", method=method)
    assert page.status == 405
    assert page.headers["Allow"] == "GET, HEAD"


def test_pages_have_no_scripts_and_load_no_other_hosts(filled, browse):
    for path in PATHS:
        page = browse(path)
        policy = page.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src data:; ")
        assert "frame-ancestors 'none'" in policy
        assert page.headers["Cache-Control"] == "no-store"
        assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "iframe", "style"})
        places = [
            attributes[name]
            for _, attributes in page.tags
            for name in ("href", "src", "action")
            if name in attributes
        ]
        assert places
        assert all(place.startswith(("/", "#", "?", "data:,")) for place in places)
        assert not any(place.startswith("//") for place in places)
        assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)


def test_the_style_is_a_file_for_light_and_dark_and_for_phones(client):
    response = client.get("/style.css", environ_base={"REMOTE_ADDR": "127.0.0.1"})
    style = response.get_data(as_text=True)
    assert response.content_type == "text/css;charset=utf-8"
    assert "prefers-color-scheme: dark" in style
    assert "max-width: 40rem" in style
    assert "url(" not in style


def test_a_keyboard_and_a_screen_reader_find_their_way(filled, browse):
    for path in PATHS:
        page = browse(path)
        assert page.links()[0] == "#content"
        assert page.texts["title"]
        assert [tag for tag, _ in page.tags].count("h1") == 1
        labelled = [a for tag, a in page.tags if tag == "div" and a.get("class") == "scroll"]
        assert all(a.get("tabindex") == "0" and a.get("aria-label") for a in labelled)
        assert dict(page.tags)["html"] == {"lang": "en"}


def test_kintone_s_own_paths_are_not_the_page_s(client):
    response = client.get("/k/v1/apps.json", environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert response.get_json()["code"] == "CB_AU01"
    assert client.get("/application").get_json()["code"] == "CB_IL02"
