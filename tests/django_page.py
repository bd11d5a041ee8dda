"""The generated half of the page "kintone_orm for Django users".

Write it again after a name has been implemented or refused::

    python tests/django_page.py
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django_names import besides, frozen, implemented, refusals, skipped

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = Path(__file__).parents[1] / "docs" / "django.md"

# The last line of what people write.
_SEAM = "% uses. Do not edit it.\n"

_TITLES = {
    "QuerySet": "QuerySet",
    "QuerySet's operators": "QuerySet's operators",
    "RawQuerySet": "RawQuerySet",
    "Manager": "Manager, besides QuerySet's names",
    "Model": "Model",
    "Meta": "Meta options",
    "_meta": "Model._meta",
    "Q": "Q",
    "Q's operators": "Q's operators",
    "F": "F",
    "lookups": "Lookups",
    "options of fields": "Options of fields",
    "signals": "Signals",
    "django.db.models": "The other names of django.db.models",
    "django.db.models.functions": "django.db.models.functions",
}

# What the names that are here do otherwise.
_REMARKS = {
    "Manager": (
        "`get_queryset` is overridden in a class of managers, and not called from outside: a\n"
        "model's `objects` has called it already. Write `Book.objects.all()`."
    ),
}

_INTRODUCTION = """
## Every name of Django 5.2

A name that is *refused* raises NotSupportedError with the sentence of its row; a lookup FieldError,
an option of `Meta` or of a field ImproperlyConfigured. A name that is *not here* is Python's own
AttributeError, ImportError or TypeError, for a lookup or an option of `Meta` the same as above. All
others do what they do in Django.
"""


def page() -> str:
    """The whole page: what stands above the seam in the file, and what is generated."""
    written, seam, _ = PAGE.read_text("utf-8").partition(_SEAM)
    return written + seam + _INTRODUCTION + "".join(map(_section, frozen()))


def _section(section: str) -> str:
    refused, not_here = refusals(section), skipped(section)
    parts = [f"\n### {_TITLES[section]}\n"]
    if here := implemented(section):
        parts.append(f"\nHere: {_listed(here)}.\n")
    if remark := _REMARKS.get(section):
        parts.append(f"\n{remark}\n")
    if ours := besides(section):
        parts.append(f"\nBesides, not in Django 5.2: {_listed(ours)}.\n")
    if refused:
        rows = [(_listed([name]), each.why, each.instead) for name, each in refused.items()]
        parts.append(_table(("refused", "why", "what to do"), rows))
    if not_here:
        rows = [(_listed(names), reason) for reason, names in not_here.items()]
        parts.append(_table(("not here", "why, or what takes its place"), rows))
    return "".join(parts)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    cells = ([cell.replace("|", "\\|") for cell in line] for line in lines)
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in cells)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
