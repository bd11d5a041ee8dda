"""The number precision of an app, which its models may declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_app_settings, update_app_settings
from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm.apps.settings_writes import SettingsWrites
    from kintone_orm.fields.number import NumberPrecision
    from kintone_orm.models.base import Model

__all__ = ["declared_precision", "set_precision"]


def declared_precision(models: Iterable[type[Model]]) -> NumberPrecision | None:
    """Return the number precision that the app's models declare, or None.

    ImproperlyConfigured if they declare different precisions.
    """
    declared = {model._meta.number_precision for model in models} - {None}
    if len(declared) > 1:
        labels = ", ".join(model._meta.label for model in models)
        raise ImproperlyConfigured(
            f"{labels} declare different Meta.number_precision, but an app has only one. Declare "
            "the same number_precision in all of these models."
        )
    return next(iter(declared), None)


def set_precision(writes: SettingsWrites, app: int, models: Iterable[type[Model]]) -> bool:
    """Set the app's number precision. Return True if the app had another precision."""
    precision = declared_precision(models)
    if precision is None:
        return False
    new_precision = {
        "digits": str(precision.digits),
        "decimalPlaces": str(precision.decimal_places),
        "roundingMode": precision.rounding_mode,
    }
    connection = checked(writes.connection)

    def read_result() -> Mapping[str, Any] | None:
        settings = get_app_settings(connection, app=app, preview=True)
        return settings if settings.get("numberPrecision") == new_precision else None

    def update() -> Mapping[str, Any]:
        return update_app_settings(connection, app=app, settings={"numberPrecision": new_precision})

    if read_result() is not None:
        return False
    writes.send([app], update, read_result)
    return True
