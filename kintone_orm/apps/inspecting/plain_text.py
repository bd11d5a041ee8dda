"""The text of an app's description, which is HTML, for a docstring."""

from __future__ import annotations

from html.parser import HTMLParser

from kintone_orm.apps.inspecting.source_text import LINE_LENGTH, visible, wrap

__all__ = ["docstring", "plain_text"]

_BLOCKS = frozenset(
    ("address", "blockquote", "br", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4")
    + ("h5", "h6", "hr", "li", "ol", "p", "pre", "table", "tr", "ul")
)
_HIDDEN = frozenset(("script", "style", "title"))
_ENDS = ".!?。！？．…"


def plain_text(html: str) -> list[str]:
    """Return the lines of a text in HTML without its tags; [] if it is blank."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(visible(line).split()) for line in "".join(reader.parts).splitlines())
    return [line for line in lines if line]


def docstring(lines: list[str], indent: str) -> list[str]:
    """Return the lines of a docstring in the layout of ruff's formatter."""
    first, *rest = [piece for line in lines for piece in _paragraph(line, indent)]
    if not rest:
        first = first if first[-1] in _ENDS else f"{first}."
        return [f'{indent}"""{_safe(first)}"""']
    # A docstring that ends with a quote would need a blank before the closing ones.
    closing = f'{indent}"""'
    body = [f"{indent}{_safe(line)}" for line in rest]
    return [f'{indent}"""{_safe(first)}', "", *body, closing]


def _paragraph(line: str, indent: str) -> list[str]:
    return wrap(line, LINE_LENGTH - len(indent) - 8)


def _safe(line: str) -> str:
    """Return a line that cannot end a docstring."""
    escaped = line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f" {escaped}" if escaped[0] == '"' else escaped


class _Reader(HTMLParser):
    """Collects the text of a document; a block begins a new line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self._hidden += tag in _HIDDEN
        if tag in _BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        if tag in _BLOCKS:
            self.parts.append("\n")

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        # A browser skips "<![if x]>" and the like; the library raises AssertionError for some.
        return self.parse_bogus_comment(i, report)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
