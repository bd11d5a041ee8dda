"""The cost of importing kintone_orm beside its three dependencies: ratios taken in one run.

Not a test, and not collected by pytest. Run it by hand::

    python tests/benchmarks/importing.py

The first row is `import kintone_orm`. The second row adds the modules that the first request
imports: a program that reads one record from a server of this computer lists them.

Processor time of fresh processes, less that of a bare start, with everything compiled as an
installation compiles it. Rounds alternate. The ratio of the least times comes first, because a busy
machine only adds to a time; then the median of the ratios within a round, with their range. To
reach: at most 1.25 with the first request.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

ROUNDS = 15
COMPILE = "import compileall, kintone_orm; compileall.compile_dir(*kintone_orm.__path__, quiet=1)"
BARE, OURS, THEIRS = "pass", "import kintone_orm", "import requests, marshmallow, dateutil.parser"

# Prints the names of the modules that reading one record imports.
FIRST_REQUEST = """
import sys, kintone_orm
already = set(sys.modules)
kintone_orm.connect(sys.argv[1], api_token="token")
class Deal(kintone_orm.Model):
    title = kintone_orm.fields.SingleLineTextField()
    class Meta:
        app = 1
[deal] = Deal.objects.all()[:1]
for name, module in list(sys.modules.items()):
    spec = getattr(module, "__spec__", None)
    if name not in already and spec is not None and spec.name == name:
        print(name)
"""
RECORD = {
    "$id": {"type": "__ID__", "value": "1"},
    "$revision": {"type": "__REVISION__", "value": "1"},
    "title": {"type": "SINGLE_LINE_TEXT", "value": "order"},
}


class OneRecord(BaseHTTPRequestHandler):
    """Answers every request with the one record."""

    def do_GET(self) -> None:
        body = json.dumps({"records": [RECORD]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print no line for each request."""


def modules_of_first_request() -> list[str]:
    """The modules that the first request imports, in their order."""
    server = HTTPServer(("127.0.0.1", 0), OneRecord)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    code = [sys.executable, "-c", FIRST_REQUEST, url]
    run = subprocess.run(code, check=True, stdout=subprocess.PIPE, text=True)
    server.shutdown()
    return run.stdout.split()


def seconds(code: str) -> float:
    """The processor time of a fresh Python that runs `code`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the times and their ratios to the time of the dependencies."""
    seconds(COMPILE)
    imports = "; ".join(f"import {name}" for name in modules_of_first_request())
    rows = {OURS: OURS, "with the first request": f"{OURS}; {imports}", THEIRS: THEIRS}
    rounds = []
    for _ in range(ROUNDS):
        bare = seconds(BARE)
        rounds.append({name: seconds(code) - bare for name, code in rows.items()})
    sys.stdout.write(f"Python {sys.version.split()[0]}, {ROUNDS} rounds\n")
    for name in rows:
        ratios = sorted(each[name] / each[THEIRS] for each in rounds)
        least, theirs = (min(each[key] for each in rounds) for key in (name, THEIRS))
        sys.stdout.write(
            f"{name:46}{least * 1e3:7.0f} ms, ratio {least / theirs:.2f}; "
            f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})\n"
        )


if __name__ == "__main__":
    main()
