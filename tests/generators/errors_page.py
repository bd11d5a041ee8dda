"""The table of kintone's codes at the end of docs/errors.md, made from the package's table."""

from __future__ import annotations

from pathlib import Path

from kintone_orm.http.codes import TABLE

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"
_HEAD = "| code | applies to | becomes |\n|---|---|---|\n"
_WHERE = {"any": "everything", "read": "reads", "write": "writes"}


def table() -> str:
    """All rows, in the order of the package's table."""
    return _HEAD + "".join(
        f"| `{row.code}` | {_WHERE[row.on]} | [{name}](#{name.lower()}) |\n"
        for row in TABLE
        for name in [row.becomes.__name__]
    )


def page() -> str:
    """All of docs/errors.md: the text above the table as the file has it, then the table."""
    return PAGE.read_text("utf-8").partition(_HEAD)[0] + table()
