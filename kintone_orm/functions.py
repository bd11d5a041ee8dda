"""Query functions, which kintone evaluates when a query arrives: Today(), LoginUser() and others.

``Order.objects.filter(due__lt=Today(), owner=LoginUser())``. A field takes the functions of its
type: dates take the functions for days, instants also `Now`, users `LoginUser`, organizations
`PrimaryOrganization`. Days are counted in the requesting user's time zone.
Source: kintone REST API, "Query String", functions.
"""

from kintone_orm.query.functions import (
    FromToday,
    LastMonth,
    LastWeek,
    LastYear,
    LoginUser,
    NextMonth,
    NextWeek,
    NextYear,
    Now,
    PrimaryOrganization,
    ThisMonth,
    ThisWeek,
    ThisYear,
    Today,
    Tomorrow,
    Yesterday,
)

__all__ = [
    "FromToday",
    "LastMonth",
    "LastWeek",
    "LastYear",
    "LoginUser",
    "NextMonth",
    "NextWeek",
    "NextYear",
    "Now",
    "PrimaryOrganization",
    "ThisMonth",
    "ThisWeek",
    "ThisYear",
    "Today",
    "Tomorrow",
    "Yesterday",
]
