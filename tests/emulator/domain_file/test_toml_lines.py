from __future__ import annotations

import pytest
from support.domain_files import problems_of_text, write_file

from kintone_orm.emulator import Emulator

TOML = r"""
# A comment with "quotes" and [brackets]
language = "ja"
[users."sato@x.com"]
name = '''
two lines'''   # ]
groups = [
  "a", # one
  'b',
]
[[apps.orders.records]]
"a" = 1
[[apps.orders.records]]
lines = [{b = 1}, {b = 2}]
[apps.orders.form]
properties.a.type = "NUMBER"
properties.lines = {type = "SUBTABLE", fields = {b = {type = "NUMBER"}}}
[groups]
a = {name = "A"}
b = {}
"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("language", "langauge", 3),
        ('"a", # one', "5, # one", 8),
        ('"a" = 1', "z = 1", 12),
        ("{b = 2", "{d = 2", 14),
        ('"NUMBER"\n', '"NUMBR"\n', 16),
        ('{b = {type = "NUMBER"}}', '{b = {type = "NUMBR"}}', 17),
        ('name = "A"', "name = 5", 19),
    ],
)
def test_a_problem_in_toml_has_its_line(toml, tmp_path, old, new, line):
    text = TOML.replace(old, new, 1)
    problem = problems_of_text(tmp_path, text, "domain.toml")[0]
    assert problem.startswith(f", line {line}: ")
    Emulator.from_domain(write_file(tmp_path, TOML)).close()


def test_invalid_toml_is_a_problem(toml, tmp_path):
    (problem,) = problems_of_text(tmp_path, "a = \n", "domain.toml")
    assert problem.startswith(": The file is not valid TOML: Invalid value (at line 1, column 5)")
