"""Limits of a connection, as a type checker sees them."""

from typing_extensions import assert_type

from kintone_orm import connect
from kintone_orm.connection import DailyBudget, Limiter, Usage
from kintone_orm.contrib.redis import RedisLimiter

limiter: Limiter = RedisLimiter("redis://localhost", when_gone="closed")
connection = connect(limiter=limiter, daily_budget=DailyBudget(8_000), usage="usage")
assert_type(connection.usage(), Usage)
assert_type(connection.usage().left(7), int | None)
RedisLimiter("redis://localhost", when_gone="ajar")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
