from __future__ import annotations

import pytest

from kintone_orm import functions
from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.functions import (
    FromToday,
    LastMonth,
    LoginUser,
    NextMonth,
    Now,
    ThisMonth,
    ThisWeek,
    Today,
)


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (Today(), "TODAY()"),
        (Now(), "NOW()"),
        (LoginUser(), "LOGINUSER()"),
        (FromToday(-7, "DAYS"), "FROM_TODAY(-7, DAYS)"),
        (ThisWeek(), "THIS_WEEK()"),
        (ThisWeek("SUNDAY"), "THIS_WEEK(SUNDAY)"),
        (ThisMonth(31), "THIS_MONTH(31)"),
        (NextMonth("LAST"), "NEXT_MONTH(LAST)"),
    ],
)
def test_a_function_is_written_in_kintone_s_words(function, text):
    assert str(function) == text


def test_its_repr_can_be_evaluated():
    for function in (Today(), FromToday(-7, "DAYS"), ThisWeek("SUNDAY")):
        assert eval(repr(function), vars(functions)) == function


def test_functions_of_one_name_and_the_same_arguments_are_equal():
    assert FromToday(1, "DAYS") == FromToday(1, "DAYS")
    assert len({Today(), Today(), ThisWeek(), ThisWeek("SUNDAY")}) == 3
    assert FromToday(1, "DAYS") != FromToday(2, "DAYS")
    assert Today() != "TODAY()"


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (FromToday, (1.5, "DAYS")),
        (FromToday, (True, "DAYS")),
        (FromToday, (1, "HOURS")),
        (ThisWeek, ("Sunday",)),
        (ThisMonth, (0,)),
        (ThisMonth, (32,)),
        (ThisMonth, ("FIRST",)),
    ],
)
def test_a_wrong_argument_is_refused(function, arguments):
    with pytest.raises(FieldError, match=function.__name__):
        function(*arguments)


def test_a_day_that_a_shorter_month_may_lack_is_refused_of_the_last_month():
    assert str(LastMonth(28)) == "LAST_MONTH(28)"
    with pytest.raises(NotSupportedError, match="LAST"):
        LastMonth(29)
