"""Query functions, which kintone evaluates when a query arrives: today, this month, the user.

Days are counted in the requesting user's time zone, and weeks begin on Sunday. Which time zone
applies to an API token was never published. Source: kintone REST API, "Query String", functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from kintone_orm.exceptions import FieldError, NotSupportedError

if TYPE_CHECKING:
    from typing import TypeAlias

    WeekDay: TypeAlias = Literal[
        "SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"
    ]
    Unit: TypeAlias = Literal["DAYS", "WEEKS", "MONTHS", "YEARS"]

__all__ = [
    "SHORTEST_MONTH",
    "WEEK_DAYS",
    "FromToday",
    "Function",
    "LastMonth",
    "LastWeek",
    "LastYear",
    "LoginUser",
    "Month",
    "NextMonth",
    "NextWeek",
    "NextYear",
    "Now",
    "Period",
    "PrimaryOrganization",
    "ThisMonth",
    "ThisWeek",
    "ThisYear",
    "Today",
    "Tomorrow",
    "Week",
    "Year",
    "Yesterday",
]

WEEK_DAYS: tuple[WeekDay, ...] = (
    "SUNDAY",
    "MONDAY",
    "TUESDAY",
    "WEDNESDAY",
    "THURSDAY",
    "FRIDAY",
    "SATURDAY",
)
_UNITS = ("DAYS", "WEEKS", "MONTHS", "YEARS")
SHORTEST_MONTH = 28


class Function:
    """A function of kintone's query language and its arguments, as a value to filter by.

    Functions of the same name and arguments are equal. `str()` gives the text in the query.
    """

    __slots__ = ("arguments",)

    name: ClassVar[str]

    arguments: tuple[Any, ...]

    def __init__(self) -> None:
        self.arguments = ()

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.arguments))})"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.arguments))})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Function):
            return NotImplemented
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


class LoginUser(Function):
    """The requesting user; for an API token, presumably the Administrator."""

    __slots__ = ()
    name = "LOGINUSER"


class PrimaryOrganization(Function):
    """The requesting user's primary organization; a user without one matches no record."""

    __slots__ = ()
    name = "PRIMARY_ORGANIZATION"


class Now(Function):
    """The instant at which the query arrives."""

    __slots__ = ()
    name = "NOW"


class Period(Function):
    """A day, or a range of days."""

    __slots__ = ()


class Today(Period):
    """The whole of today."""

    __slots__ = ()
    name = "TODAY"


class Yesterday(Period):
    """The whole of yesterday."""

    __slots__ = ()
    name = "YESTERDAY"


class Tomorrow(Period):
    """The whole of tomorrow."""

    __slots__ = ()
    name = "TOMORROW"


class FromToday(Period):
    """The day that is `number` days, weeks, months or years away: ``FromToday(-7, "DAYS")``."""

    __slots__ = ()
    name = "FROM_TODAY"

    def __init__(self, number: int, unit: Unit) -> None:
        if not isinstance(number, int) or isinstance(number, bool):
            raise FieldError(f"FromToday() takes a whole number, not {number!r:.80}.")
        if unit not in _UNITS:
            raise FieldError(f"FromToday() counts in {', '.join(_UNITS)}, not in {unit!r:.80}.")
        self.arguments = (number, unit)


class Week(Period):
    """A week, or one day of it."""

    __slots__ = ()

    def __init__(self, day: WeekDay | None = None) -> None:
        if day is not None and day not in WEEK_DAYS:
            raise FieldError(
                f"{type(self).__name__}() takes a day of {', '.join(WEEK_DAYS)}, not {day!r:.80}."
            )
        self.arguments = () if day is None else (day,)


class ThisWeek(Week):
    """The week from Sunday to Saturday that today is in, or one day of it."""

    __slots__ = ()
    name = "THIS_WEEK"


class LastWeek(Week):
    """The week before this week, or one day of it."""

    __slots__ = ()
    name = "LAST_WEEK"


class NextWeek(Week):
    """The week after this week, or one day of it."""

    __slots__ = ()
    name = "NEXT_WEEK"


class Month(Period):
    """A month, or one day of it."""

    __slots__ = ()

    def __init__(self, day: int | Literal["LAST"] | None = None) -> None:
        is_day = isinstance(day, int) and not isinstance(day, bool) and 1 <= day <= 31
        if day not in (None, "LAST") and not is_day:
            raise FieldError(
                f'{type(self).__name__}() takes a day from 1 to 31 or "LAST", not {day!r:.80}.'
            )
        self.arguments = () if day is None else (day,)


class ThisMonth(Month):
    """The month that today is in, one day of it, or its last day ("LAST").

    If the month has no such day, kintone takes the 1st of the following month.
    """

    __slots__ = ()
    name = "THIS_MONTH"


class LastMonth(Month):
    """The month before this month, one day of it, or its last day ("LAST")."""

    __slots__ = ()
    name = "LAST_MONTH"

    def __init__(self, day: int | Literal["LAST"] | None = None) -> None:
        super().__init__(day)
        if isinstance(day, int) and day > SHORTEST_MONTH:
            raise NotSupportedError(
                f"LastMonth({day}): it is unknown which day kintone takes in a shorter month. "
                'Write LastMonth("LAST"), or a date.'
            )


class NextMonth(Month):
    """The month after this month, one day of it, or its last day ("LAST").

    If the month has no such day, kintone takes the 1st of the following month.
    """

    __slots__ = ()
    name = "NEXT_MONTH"


class Year(Period):
    """A year."""

    __slots__ = ()


class ThisYear(Year):
    """The calendar year that today is in."""

    __slots__ = ()
    name = "THIS_YEAR"


class LastYear(Year):
    """The calendar year before this year."""

    __slots__ = ()
    name = "LAST_YEAR"


class NextYear(Year):
    """The calendar year after this year."""

    __slots__ = ()
    name = "NEXT_YEAR"
