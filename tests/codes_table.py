"""The table of kintone's codes at the end of docs/errors.md, made from the table of the package.

Run it to write the page anew.
"""

from __future__ import annotations

from pathlib import Path

from kintone_orm.http.codes import TABLE

__all__ = ["HEAD", "PAGE", "table"]

PAGE = Path(__file__).parents[1] / "docs" / "errors.md"
HEAD = "| code | applies to | becomes |\n|---|---|---|\n"
_WHERE = {"any": "everything", "read": "reads", "write": "writes"}


def table() -> str:
    """All rows, in the order of the package's table."""
    return HEAD + "".join(
        f"| `{row.code}` | {_WHERE[row.on]} | [{name}](#{name.lower()}) |\n"
        for row in TABLE
        for name in [row.becomes.__name__]
    )


if __name__ == "__main__":
    PAGE.write_text(PAGE.read_text("utf-8").partition(HEAD)[0] + table(), "utf-8")
