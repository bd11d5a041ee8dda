"""query, shell and diagram as processes, over HTTP: pipes, terminals and exit codes."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from support.command import MAIN, PATIENCE, run
from support.shop_models import SHOP

import kintone_orm
from kintone_orm.api.records import add_records
from kintone_orm.apps import deploy
from kintone_orm.cli.model_source import import_file
from kintone_orm.connection import Connection, connections
from kintone_orm.emulator import Emulator
from kintone_orm.settings import parse_settings

# The processes have another working directory, and import the package that is tested.
PACKAGE = {"PYTHONPATH": str(Path(kintone_orm.__file__).parents[1])}

serve = pytest.importorskip("kintone_orm.emulator.server").serve


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with models and kintone.toml, and the environment of its kintone."""
    folder = tmp_path_factory.mktemp("shop")
    file = folder / "shop_over_http.py"
    file.write_text(SHOP, "utf-8")
    models = import_file(str(file))
    with closing(Emulator()) as emulator, serve(emulator) as server:
        username, password = emulator.credentials
        settings = parse_settings(base_url=server.url, username=username, password=password)
        connection = Connection(settings, alias="shop over http")
        with connections.override(connection):
            deploy(*models)
        app = connection.apps["orders"]
        records = [{"受注番号": {"value": f"注文-{i:02}"}} for i in range(30)]
        add_records(connection, app=app, records=records)
        (folder / "kintone.toml").write_text(
            f'models = "shop_over_http"\n[apps]\norders = {app}\n', "utf-8"
        )
        variables = {
            "KINTONE_BASE_URL": server.url,
            "KINTONE_USERNAME": username,
            "KINTONE_PASSWORD": password,
            **PACKAGE,
        }
        yield folder, variables


def command(folder, *arguments, **more):
    path, variables = folder
    return run(*arguments, environ={**variables, **more}, folder=path)


def test_a_query_in_a_pipe_is_json_in_utf_8(folder):
    more = {"PYTHONIOENCODING": "cp932"}
    result = command(folder, "query", ":Order", "--fields", "id,number", "--format", "json", **more)
    assert (result.returncode, result.stderr) == (0, "")
    rows = json.loads(result.stdout)
    assert len(rows) == 30
    assert rows[0] == {"id": 1, "number": "注文-00"}


def test_a_mistake_in_a_filter_is_told_in_a_sentence(folder):
    result = command(folder, "query", ":Order", "number=A")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Filter 'number=A', character 8: A is not a value.")


def test_lines_of_a_pipe_are_run_by_the_shell(folder, tmp_path):
    path, variables = folder
    read = "import sys, io; sys.stdin = io.StringIO('Order.objects.count()\\n1/0\\n')"
    result = run("shell", before=read, environ=variables, folder=path)
    assert (result.returncode, result.stdout) == (2, "30\n")
    assert result.stderr.endswith("ZeroDivisionError: division by zero\n")


def test_a_diagram_needs_no_connection(folder):
    result = run("diagram", environ=PACKAGE, folder=folder[0])
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("erDiagram\n")


def in_terminal(folder, *arguments, lines=(), columns=60):
    """Run the command in a terminal and return its exit code and the screen."""
    pty = pytest.importorskip("pty")
    path, variables = folder
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(path)
        terminal_only = {"COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "dumb-ish"}
        environment = {**os.environ, **variables, **terminal_only, "PYTHON_BASIC_REPL": "1"}
        os.execve(sys.executable, [sys.executable, "-c", MAIN, *arguments], environment)
    shown = b""
    waiting = list(lines)
    while select.select([terminal], [], [], 60)[0]:
        try:
            shown += os.read(terminal, 10_000)
        except OSError:  # the other side has closed
            break
        if waiting and shown.endswith(b">>> "):
            os.write(terminal, f"{waiting.pop(0)}\n".encode())
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def test_a_table_in_a_terminal_of_sixty_columns(folder):
    code, shown = in_terminal(folder, "query", ":Order", "--fields", "id,number,due,amount")
    assert code == 0
    assert "注文-19" in shown
    assert "注文-20" not in shown
    assert "20 of 30 records are shown, 10 are left out." in shown


def test_the_shell_in_a_terminal(folder):
    code, shown = in_terminal(
        folder, "shell", lines=["Order.objects.count()", "models()", "exit()"]
    )
    assert code == 0
    assert shown.startswith("kintone_orm ")
    assert "\r\n30\r\n" in shown
    assert "Order (app orders, id " in shown


def test_lines_without_a_reader_of_their_output_end_quietly(folder):
    path, variables = folder
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, "shell"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **variables},
        cwd=path,
    ) as process:
        process.stdout.close()
        process.stdin.write(b"print('N' * 100_000)\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(PATIENCE) == 141


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell of POSIX")
def test_without_standard_error_the_exit_code_stays(folder):
    path, variables = folder
    command = [sys.executable, "-c", MAIN, "query", ":Nobody"]
    script = ["sh", "-c", 'exec "$@" 2>&-', "sh", *command]
    process = subprocess.run(script, env={**os.environ, **variables}, cwd=path, check=False)
    assert process.returncode == 2
