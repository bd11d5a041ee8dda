"""kintone's query language: parsed, checked against a form, and evaluated.

Text -> lexer -> parser (a tree) -> checker (columns and operands) -> evaluator and ordering
(functions). All of it is pure: the clock, the time zone and the caller come in as a Context.
"""

from __future__ import annotations

from .columns import Related
from .compiler import Query, compile_query
from .functions import Context

__all__ = ["Context", "Query", "Related", "compile_query"]
