"""The pages in a real browser: `tox run -e browser`."""

from __future__ import annotations

import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from support.pages.chromium import CHROMEDRIVER, CHROMIUM, ENTER, TAB, browsing
from support.pages.markup import NASTY

from kintone_orm.emulator import Fault

serve = pytest.importorskip("kintone_orm.emulator.server").serve

pytestmark = [
    pytest.mark.skipif("KINTONE_ORM_BROWSER" not in os.environ, reason="tox run -e browser"),
    pytest.mark.skipif(
        CHROMIUM is None or CHROMEDRIVER is None, reason="chromium or chromedriver is missing"
    ),
]

PAGES = ["", "apps/1", "apps/1?query=zz", "apps/1/records/1", "requests", "faults", "apps/9"]


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    with browsing(tmp_path_factory.mktemp("profile")) as window:
        yield window


@pytest.fixture
def url(emulator, planted, kintone):
    """The URL of the pages of an emulator whose record has markup in every field."""
    app, record = planted
    comment = {"app": app, "record": record, "comment": {"text": NASTY}}
    kintone.ok("POST", "record/comment.json", comment)
    with serve(emulator) as server:
        yield server.url


@pytest.fixture
def pages(emulator, url):
    writes = [f"requests/{exchange.number}" for exchange in emulator._proxy.journal.writes_of(1, 1)]
    assert len(writes) == 2
    return [f"{url}/{page}" for page in (*PAGES, *writes)]


def looked_like(window, *, scheme="light", width=1200):
    window.command(
        "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}]
    )
    window.command(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=800,
        deviceScaleFactor=1,
        mobile=width < 600,
    )


def test_no_page_has_a_complaint_and_no_markup_is_run(window, pages):
    looked_like(window)
    for page in pages:
        window.open(page)
        window.run("document.title")  # an open dialog would make this fail
        refusals = ("status of 400", "status of 404")  # two pages are refused on purpose
        assert [c for c in window.complaints() if not any(r in c for r in refusals)] == []
        assert window.run("document.querySelectorAll('img, script, style, iframe').length") == 0
        loaded = window.run("performance.getEntriesByType('resource').map(entry => entry.name)")
        assert all(name.endswith("/style.css") for name in loaded)
        assert window.run("document.styleSheets.length") == 1


@pytest.mark.parametrize("width", [360, 768])
def test_no_page_is_wider_than_a_phone(window, pages, width):
    looked_like(window, width=width)
    for page in pages:
        window.open(page)
        assert window.run("document.documentElement.scrollWidth") <= width, page


# The lowest contrast of a text with its background, by WCAG's formula.
CONTRAST = """(() => {
  const rgb = color => color.match(/[0-9.]+/g).map(Number);
  const part = c => (c /= 255) <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const color = rgb(getComputedStyle(element).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  let least = 21;
  for (const element of document.querySelectorAll('body *')) {
    if (![...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    least = Math.min(least, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
  }
  return least;
})()"""


def test_texts_are_legible_in_light_and_in_dark(window, pages):
    grounds = []
    for scheme in ("light", "dark"):
        looked_like(window, scheme=scheme)
        for page in pages:
            window.open(page)
            assert window.run(CONTRAST) >= 4.5, (scheme, page)
        grounds.append(window.run("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(13, 17, 23)"]


def test_a_keyboard_is_enough(window, url):
    looked_like(window)
    window.open(f"{url}/apps/1")
    window.press(TAB)
    window.wait_for("document.activeElement.textContent", "Skip to the content")
    window.press(ENTER)
    window.wait_for("location.hash", "#content")
    for _ in range(2):
        window.press(TAB)
    window.wait_for("document.activeElement.name", "query")
    window.press(*"$id > 5", ENTER)
    window.wait_for("new URLSearchParams(location.search).get('query')", "$id > 5")
    window.wait_for("document.querySelector('main > p.quiet').textContent", "No record matches.")


def test_buttons_and_links_are_large_enough_for_a_finger(window, url):
    looked_like(window, width=360)
    window.open(f"{url}/faults")
    heights = window.run(
        "[...document.querySelectorAll('nav a, button, select, input:not([type=hidden])')]"
        ".map(each => each.getBoundingClientRect().height)"
    )
    assert len(heights) > 8
    assert min(heights) >= 44


def test_a_button_orders_a_fault_and_another_forgets_it(window, url, emulator):
    looked_like(window)
    window.open(f"{url}/faults")
    window.complaints()  # forget the messages of earlier pages
    window.type("select[name=fault]", "lost_answer")
    window.type("select[name=endpoint]", "records")
    window.click("form.order button")
    window.wait_for("document.querySelector('td')?.textContent", "lost_answer")
    (rule,) = emulator.faults.pending
    assert (rule.fault, rule.endpoint, rule.times) == (Fault.LOST_ANSWER, "records", 1)
    window.click("button[name=forget]")
    window.wait_for("document.querySelector('td')", None)
    assert emulator.faults.pending == ()
    assert window.complaints() == []


def test_a_page_of_another_origin_cannot_order_a_fault(window, url, emulator):
    window.open(f"{url}/faults")
    token = window.run("document.querySelector('[name=token]').value")
    form = (
        f'<form method="post" action="{url}/faults"><input name="token" value="{token}">'
        '<input name="fault" value="lost_answer"><button>Go</button></form>'
    )

    class Evil(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(form.encode())

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Evil) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        window.open(f"http://127.0.0.1:{server.server_port}/")
        window.click("button")
        window.wait_for("document.querySelector('h1')?.textContent", "403")
        server.shutdown()
    assert emulator.faults.pending == ()
