"""A real browser, driven over WebDriver's own protocol: plain requests, no library of theirs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager

import requests

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMEDRIVER = shutil.which("chromedriver")
PATIENCE = 60  # seconds

TAB, ENTER = "\ue004", "\ue007"
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_OPTIONS = [
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--window-size=1200,900",
]


class Browser:
    """One window; every method is a command of WebDriver's."""

    def __init__(self, session, base):
        self._session = session
        self._base = base

    def _send(self, method, path, **body):
        response = self._session.request(
            method,
            f"{self._base}/{path}",
            json=body if method == "POST" else None,
            timeout=PATIENCE,
        )
        value = response.json()["value"]
        assert response.status_code == 200, value
        return value

    def open(self, url):
        self._send("POST", "url", url=url)

    def run(self, script):
        """The result of a script, which runs whatever the page's content security policy is."""
        return self._send("POST", "execute/sync", script=f"return {script}", args=[])

    def command(self, name, **parameters):
        """The answer to a command of DevTools."""
        return self._send("POST", "goog/cdp/execute", cmd=name, params=parameters)

    def press(self, *keys):
        """Press these keys, one after the other, on the focused element."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": actions}
        self._send("POST", "actions", actions=[keyboard])

    def wait_for(self, script, value):
        """Wait until a script gives this value, because the browser handles keys with a delay."""
        deadline = time.monotonic() + PATIENCE
        while (actual := self.run(script)) != value:
            assert time.monotonic() < deadline, actual
            time.sleep(0.05)

    def click(self, selector):
        element = self._send("POST", "element", using="css selector", value=selector)
        self._send("POST", f"element/{element[_ELEMENT]}/click")

    def type(self, selector, text):
        element = self._send("POST", "element", using="css selector", value=selector)
        self._send("POST", f"element/{element[_ELEMENT]}/value", text=text)

    def complaints(self):
        """The new messages of the console: errors, and violations of the policy."""
        return [entry["message"] for entry in self._send("POST", "se/log", type="browser")]


@contextmanager
def browsing(profile):
    """A headless Chromium with a profile of its own."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium insists, for root
    chrome = {"binary": CHROMIUM, "args": [*_OPTIONS, *sandbox, f"--user-data-dir={profile}"]}
    capabilities = {
        "browserName": "chrome",
        "goog:chromeOptions": chrome,
        "goog:loggingPrefs": {"browser": "ALL"},
        "timeouts": {"pageLoad": PATIENCE * 1000, "script": PATIENCE * 1000},
    }
    driver = subprocess.Popen([CHROMEDRIVER, "--port=0"], stdout=subprocess.PIPE, encoding="utf-8")
    try:
        with requests.Session() as session:
            session.trust_env = False
            started = map(re.compile(r"successfully on port (\d+)").search, driver.stdout)
            port = next(match[1] for match in started if match)
            base = f"http://127.0.0.1:{port}/session"
            body = {"capabilities": {"alwaysMatch": capabilities}}
            opened = session.post(base, json=body, timeout=PATIENCE).json()["value"]
            assert "sessionId" in opened, opened
            try:
                yield Browser(session, f"{base}/{opened['sessionId']}")
            finally:
                session.delete(f"{base}/{opened['sessionId']}", timeout=PATIENCE)
    finally:
        driver.terminate()
        driver.wait(PATIENCE)
        driver.stdout.close()
