"""auto_field(): a field of the model under another name or with other options."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

__all__ = ["AutoField", "auto_field"]


class AutoField(fields.Field):  # type: ignore[type-arg]  # marshmallow 3 has no parameter
    """A placeholder for a field of the model, until the schema is instantiated."""

    def __init__(self, attribute: str | None, overrides: dict[str, Any]) -> None:
        super().__init__(attribute=attribute)
        self.overrides = overrides if attribute is None else {"attribute": attribute} | overrides


def auto_field(name: str | None = None, **overrides: object) -> Any:
    """Declare a schema's field for the model's field `name`, with your own keyword arguments.

    By default, `name` is the name of the schema's attribute. With another name, the JSON uses the
    attribute's name, and the schema does not add the field a second time. The keyword arguments are
    those of the marshmallow field and override its defaults, as in
    ``total = auto_field(as_string=False)``.
    """
    return AutoField(name, overrides)
