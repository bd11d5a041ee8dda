"""Parsing, checking and evaluating kintone's query language.

Text -> lexer (tokens) -> parser (a tree) -> checker (columns and operands) -> evaluator and
ordering (functions). The package is pure: a Context holds the clock, the time zone and the caller.
"""

from __future__ import annotations

from .columns import Related
from .compiler import Query, compile_query
from .functions import Context

__all__ = ["Context", "Query", "Related", "compile_query"]
