"""The option --env-file: variables of the environment in a file."""

from __future__ import annotations

from pathlib import Path

from kintone_orm.cli.terminal import fail

__all__ = ["read_env_file"]


def read_env_file(file: str) -> dict[str, str]:
    """Return kintone_orm's variables in a file of lines such as ``KINTONE_PASSWORD=secret``.

    Empty lines, comments (`#`), `export` and quotes around a value are accepted; other variables
    are ignored. SystemExit with code 2, after a message, if the file cannot be read. The message
    shows no line.
    """
    try:
        lines = Path(file).read_text("utf-8-sig").splitlines()
    except OSError as error:
        fail(f"--env-file {file} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        fail(f"--env-file {file} is not encoded in UTF-8.")
    variables = {}
    for number, line in enumerate(lines, 1):
        text = line.strip().removeprefix("export ").lstrip()
        name, equals, value = (part.strip() for part in text.partition("="))
        if not text or text.startswith("#"):
            continue
        if not equals or not name.isidentifier():
            fail(f"--env-file {file}: line {number} is not of the form NAME=value.")
        if name.startswith("KINTONE_"):
            is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            variables[name] = value[1:-1] if is_quoted else value
    return variables
