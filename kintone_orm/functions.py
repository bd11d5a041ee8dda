"""What kintone works out itself when a query arrives, as values to filter by: Today(), LoginUser().

``Order.objects.filter(due__lt=Today(), owner=LoginUser())``. A field takes the functions of its
type: dates take those of days, instants `Now` as well, users `LoginUser`, organizations
`PrimaryOrganization`. Days are counted in the time zone of the user who asks.
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
