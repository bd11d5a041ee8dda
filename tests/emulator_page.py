"""What a part of docs/emulator.md is made of: which of kintone's endpoints the emulator has.

To write it again: ``python tests/emulator_page.py``, with the package importable.
"""

from __future__ import annotations

from pathlib import Path

from kintone_orm.emulator.router import ENDPOINTS, NOT_YET

PAGE = Path(__file__).parents[1] / "docs" / "emulator.md"
BEGINNING = "<!-- endpoints: made by tests/emulator_page.py -->\n"
END = "<!-- end of endpoints -->\n"


def endpoints() -> str:
    """The endpoints by path, pre-live ones beside the live ones, and those that are not there."""
    paths = dict.fromkeys(path.removeprefix("preview/") for path in ENDPOINTS)
    lines = ["| below `/k/v1/` | live | pre-live, `preview/` |", "| --- | --- | --- |"]
    for path in paths:
        live, preview = ENDPOINTS.get(path, {}), ENDPOINTS.get(f"preview/{path}", {})
        lines.append(f"| `{path}` | {', '.join(live)} | {', '.join(preview)} |")
    missing = ", ".join(f"`{path}`" for path in NOT_YET if f"{path}.json" not in ENDPOINTS)
    rest = f"What kintone has besides is not here yet, and a 404 says so: other methods, {missing}."
    return "\n".join(lines) + f"\n\n{rest}\n"


def page(text: str) -> str:
    """The page with this part as it is to be."""
    before, _, rest = text.partition(BEGINNING)
    _, _, after = rest.partition(END)
    return f"{before}{BEGINNING}\n{endpoints()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
