"""Parsing, checking and computing kintone's formulas.

Text -> lexer (tokens) -> parser (a tree) -> checker (fields, arguments, data types) -> evaluator
(functions) -> results (texts for the fields). The package is pure: callers pass in the time zone.
"""

from __future__ import annotations

from .compiler import Formulas, compile_formulas

__all__ = ["Formulas", "compile_formulas"]
