"""auto_field(): a field of the model in a schema's own words."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

__all__ = ["AutoField", "auto_field"]


class AutoField(fields.Field):  # type: ignore[type-arg]  # marshmallow 3 has no parameter
    """Stands for a field of the model until a schema is made."""

    def __init__(self, attribute: str | None, overrides: dict[str, Any]) -> None:
        super().__init__(attribute=attribute)
        self.overrides = overrides if attribute is None else {"attribute": attribute} | overrides


def auto_field(name: str | None = None, **overrides: Any) -> Any:
    """The marshmallow field for the model's field `name`, with keyword arguments of your own.

    Without a name, the field that is called like the attribute; with one, the attribute's name is
    what the JSON has, and the field is there once. The keyword arguments are those of the
    marshmallow field, and take the place of ours: ``total = auto_field(as_string=False)``.
    """
    return AutoField(name, overrides)
