"""The differences between a model and its app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

__all__ = ["Difference", "Finding", "Kind"]

Kind: TypeAlias = Literal[
    "missing field",
    "table",
    "type",
    "code",
    "process",
    "category",
    "required",
    "unique",
    "length",
    "range",
    "protocol",
    "choices",
    "formula",
    "format",
    "lookup",
    "related records",
    "precision",
    "undeclared field",
    "default",
    "label",
    "unit",
    "order of choices",
    "lookup picker",
    "related records display",
    "app name",
]
"""The kinds of findings; docs/checking.md says what each is."""


class Difference(NamedTuple):
    """A difference before its place is known: its kind, and a text for the message."""

    kind: Kind
    is_drift: bool
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference between a model and its app, as `check()` reports it.

    - `model`: the name of the model's class.
    - `app`: the app's id.
    - `field`: the field's name, or "lines.qty" for a column. It is "" if the model lacks the field,
      or if the finding is about the app.
    - `code`: the code of the field; "" if the finding is about the app.
    - `kind`: the kind of the difference, such as "missing field" or "choices".
    - `is_drift`: True if the difference makes a program wrong; False for information.
    - `message`: a text that names the model and the field, says what both sides have, and what to
      do.
    """

    model: str
    app: int
    field: str
    code: str
    kind: Kind
    is_drift: bool
    message: str
