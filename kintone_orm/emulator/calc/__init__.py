"""kintone's formulas: parsed, checked against a form, and computed.

Text -> lexer -> parser (a tree) -> checker (fields, arguments, data types) -> evaluator
(functions) -> results (what the field then holds). All of it is pure: the time zone comes in.
"""

from __future__ import annotations

from .compiler import Formulas, compile_formulas

__all__ = ["Formulas", "compile_formulas"]
