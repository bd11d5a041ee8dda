"""docs/choices.md, made from the table of the emulator's choices."""

from __future__ import annotations

from pathlib import Path

from kintone_orm.emulator import choices
from kintone_orm.emulator.ground.choice_table import ROWS

PAGE = Path(__file__).parents[2] / "docs" / "choices.md"

BEGINNING = """# The emulator's choices

Where kintone's behavior is unknown, the emulator does what is likely. Where nothing is likely, it
takes the stricter way: it refuses the request, or finds fewer records. Do not depend on any of
these choices.

Some choices have a switch. Flip it, and run your tests to see whether your program depends on it:

```python
from kintone_orm.emulator import choices

choices.BLANK_IS_UNLIKE = False  # with pytest: monkeypatch.setattr(choices, ...)
choices.BLANK_IS_UNLIKE = True
```

The evidence: "unknown" means that no source was found; "likely", that sources describe similar
cases; "thin", that there is one weak source; "conflict", that sources disagree; "stricter", that
kintone accepts more.

| subject | choice | evidence | switch in `choices` |
|---|---|---|---|
"""


def escaped(text: str) -> str:
    return text.replace("|", "\\|")


def page() -> str:
    """All of docs/choices.md."""
    lines = []
    for row in ROWS:
        switch = f"`{row.constant} = {getattr(choices, row.constant)!r}`" if row.constant else ""
        lines.append(
            f"| {row.subject} | {escaped(row.choice)} | {escaped(row.evidence)} | {switch} |"
        )
    return BEGINNING + "\n".join(lines) + "\n"
