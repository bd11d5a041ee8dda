"""Law: each value of a TOML text gets its line, in whatever style the text is written."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.emulator.domain_file.toml_lines import read_toml

pytest.importorskip("tomllib" if sys.version_info >= (3, 11) else "tomli")

KEYS = st.sampled_from(
    ["a", "b-1", "c_", "7", "quoted key", "dotted.key", "]", "'", "表", '"', "#"]
)
TEXTS = st.text(st.sampled_from("ab '\"\\#[]{},=.\n表"), max_size=6)
PLAIN = ["1", "-2_000", "3.5e1", "true", "0xff", "1979-05-27", "1979-05-27 07:32:00Z", "07:32:00"]


class Writer:
    """Writes TOML and keeps the line of each key."""

    def __init__(self, draw):
        self.draw = draw
        self.text = ""
        self.lines = {}

    @property
    def line(self):
        return self.text.count("\n") + 1

    def note(self, path):
        self.lines.setdefault(path, self.line)

    def key(self, key):
        bare = all(
            character.isascii() and (character.isalnum() or character in "-_") for character in key
        )
        if bare and self.draw(st.booleans()):
            return key
        if "'" not in key and self.draw(st.booleans()):
            return f"'{key}'"
        return json.dumps(key, ensure_ascii=False)

    def blank(self):
        """Blanks and comments that are allowed between two lines, or after a comma in a list."""
        self.text += self.draw(st.sampled_from(["", "\n", " ", '\n# a ] comment \' """\n', "\t"]))

    def scalar(self):
        kind = self.draw(st.sampled_from(["plain", "basic", "literal", "long", "long literal"]))
        text = self.draw(TEXTS)
        if kind == "plain":
            self.text += self.draw(st.sampled_from(PLAIN))
        elif kind == "literal" and not set("'\n") & set(text):
            self.text += f"'{text}'"
        elif kind == "long":
            escaped = text.replace("\\", "\\\\").replace('"', '\\"')
            self.text += f'"""{escaped}"""'
        elif kind == "long literal" and "'''" not in text and not text.endswith("'"):
            self.text += f"'''{text}'''"
        else:
            self.text += json.dumps(text, ensure_ascii=False)

    def value(self, path, depth):
        kind = (
            self.draw(st.sampled_from(["scalar", "scalar", "list", "table"])) if depth else "scalar"
        )
        if kind == "scalar":
            self.scalar()
        elif kind == "list":
            self.text += "["
            for position in range(self.draw(st.integers(0, 3))):
                self.blank()
                self.note((*path, position))
                self.value((*path, position), depth - 1)
                self.blank()
                self.text += ","
            self.blank()
            self.text += "]"
        else:
            self.text += "{"
            for number, key in enumerate(self.draw(st.lists(KEYS, unique=True, max_size=3))):
                self.text += ", " if number else " "
                self.note((*path, key))
                self.text += f"{self.key(key)} = "
                self.value((*path, key), depth - 1)
            self.text += " }"

    def members(self, path):
        """Lines of keys and values."""
        for key in self.draw(st.lists(KEYS, unique=True, max_size=3)):
            self.text += "\n"
            self.blank()
            self.text += "\n"
            self.note((*path, key))
            inner = self.draw(st.lists(KEYS, max_size=1))
            for part in inner:
                self.note((*path, key, part))
            self.text += ".".join(self.key(part) for part in (key, *inner)) + " = "
            self.value((*path, key, *inner), 2)

    def document(self):
        self.members(())
        top = {path[0] for path in self.lines}
        for key in self.draw(
            st.lists(KEYS.filter(lambda key: key not in top), unique=True, max_size=3)
        ):
            if self.draw(st.booleans()):
                self.text += "\n"
                self.note((key,))
                self.text += f"[ {self.key(key)} ] # [[x]]"
                self.members((key,))
                continue
            for position in range(self.draw(st.integers(1, 3))):
                self.text += "\n"
                self.note((key,))
                self.note((key, position))
                self.text += f"[[{self.key(key)}]]"
                if self.draw(st.booleans()):
                    self.text += "\n"
                    self.note((key, position, "inner"))
                    self.text += f"[{self.key(key)}.inner]"
                    self.members((key, position, "inner"))
        self.text += "\n"


@given(st.data())
def test_every_value_has_the_line_on_which_it_stands(data):
    writer = Writer(data.draw)
    writer.document()
    _, lines = read_toml(writer.text, "x.toml")
    assert {path: lines.get(path) for path in writer.lines} == writer.lines
