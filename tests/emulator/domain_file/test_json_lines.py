from __future__ import annotations

import pytest
from support.domain_files import problems_of_text


def test_a_problem_in_json_has_its_line(tmp_path):
    text = '{\n"apps": {\n"orders": {\n"form": {"properties": {\n"a": {\n"type": "NUMBR"}}}}}}'
    (problem,) = problems_of_text(tmp_path, text)
    assert problem.startswith(", line 6: apps.orders.form.properties.a.type:")


def test_problems_are_in_the_order_of_their_lines(tmp_path):
    text = '{\n"spaces": {"crm": {\n"id": 0}},\n"apps": 5}'
    assert [problem.partition(":")[0] for problem in problems_of_text(tmp_path, text)] == [
        ", line 3",
        ", line 4",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{\n"a": }', ", line 2: The file is not valid JSON: Expecting value."),
        ('{"apps": {},\n"apps": {}}', ', line 2: The key "apps" appears twice.'),
        ("[]", ", line 1: A domain file must be an object of names and values."),
        ('{"a": NaN}', ": The file is not valid JSON: NaN is not a number."),
        ("[" * 100_000, ": The file is not valid JSON: "),
    ],
)
def test_invalid_json_is_a_problem(tmp_path, text, problem):
    (sentence,) = problems_of_text(tmp_path, text)
    assert sentence.startswith(problem)
