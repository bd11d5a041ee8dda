"""The table of endpoints in docs/emulator.md, made from the emulator's router."""

from __future__ import annotations

from pathlib import Path

from kintone_orm.emulator.serving.router import ENDPOINTS, NOT_YET

PAGE = Path(__file__).parents[2] / "docs" / "emulator.md"
_BEGINNING = "<!-- endpoints: made by tests/generators/emulator_page.py -->\n"
_END = "<!-- end of endpoints -->\n"


def endpoints() -> str:
    """The table of endpoints by path, then the endpoints that the emulator lacks."""
    paths = dict.fromkeys(path.removeprefix("preview/") for path in ENDPOINTS)
    lines = ["| below `/k/v1/` | live | pre-live, `preview/` |", "| --- | --- | --- |"]
    for path in paths:
        live, preview = ENDPOINTS.get(path, {}), ENDPOINTS.get(f"preview/{path}", {})
        lines.append(f"| `{path}` | {', '.join(live)} | {', '.join(preview)} |")
    missing = ", ".join(f"`{path}`" for path in NOT_YET if f"{path}.json" not in ENDPOINTS)
    rest = f"What kintone has besides is not here yet, and a 404 says so: other methods, {missing}."
    return "\n".join(lines) + f"\n\n{rest}\n"


def page() -> str:
    """All of docs/emulator.md: the text around the table as the file has it."""
    before, _, rest = PAGE.read_text("utf-8").partition(_BEGINNING)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGINNING}\n{endpoints()}\n{_END}{after}"
