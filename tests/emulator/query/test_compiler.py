from __future__ import annotations

from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm.emulator.ground.error_texts import FAULTS

WORDS = st.sampled_from(
    ["$id", "number", "single_line_text", "date", "datetime", "drop_down", "in_number", "status"]
    + ["creator", "file", "table", "nobody", "a.b", "=", "!=", ">", "<=", "in", "not", "like"]
    + ["is", "empty", "and", "or", "(", ")", ",", "order", "by", "asc", "desc", "limit", "offset"]
    + ["1", "-1.5", "32", '"a"', '""', '"2024-02-06"', '"\\""', "TODAY()", "THIS_MONTH(LAST)"]
    + ["FROM_TODAY(1, DAYS)", "NOW()", "LOGINUSER()", "TODAY", "'", "\\", "\x00", "１"]
)
FIXED_FORM = examples(without=(HealthCheck.function_scoped_fixture,))


@FIXED_FORM
@given(st.text() | st.lists(WORDS).map(" ".join) | st.lists(WORDS).map("".join))
def test_any_text_is_a_query_or_an_error_of_kintones(refused, text):
    assert refused(text) in {None, *FAULTS}


@FIXED_FORM
@given(
    st.sampled_from(["number", "date", "datetime", "time", "$id", "single_line_text", "calc"]),
    st.sampled_from(["=", "!="]),
    st.text(st.sampled_from('0123456789-+:.TZ "eE')) | st.text(),
)
def test_any_literal_is_read_or_refused(refused, field, operator, literal):
    quoted = literal.replace("\\", "\\\\").replace('"', '\\"')
    assert refused(f'{field} {operator} "{quoted}"') in {None, "CB_VA01"}
