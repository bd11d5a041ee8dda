"""The number precision of an app, which its models may declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_app_settings, update_app_settings
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.models.ground.app_forms import keep_precision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm.apps.deploying.settings_writes import SettingsWrites
    from kintone_orm.connection import Connection
    from kintone_orm.fields.number import NumberPrecision
    from kintone_orm.models.base import Model

__all__ = [
    "declared_precision",
    "is_precision_unfinished",
    "needs_precision",
    "set_precision",
]


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


def is_precision_unfinished(
    connection: Connection, app: int, models: Iterable[type[Model]]
) -> bool:
    """Return True if the declared precision is the only general setting that is not live yet.

    An interrupted deploy() leaves the precision in the preview.
    """
    new_precision = _declared_setting(models)
    if new_precision is None:
        return False
    live, preview = (
        get_app_settings(checked(connection), app=app, preview=preview) for preview in (False, True)
    )
    keep_precision(connection, app, live)
    different = {name for name in {*live, *preview} if live.get(name) != preview.get(name)}
    is_ours: bool = preview.get("numberPrecision") == new_precision
    return is_ours and different == {"numberPrecision", "revision"}


def needs_precision(connection: Connection, app: int, models: Iterable[type[Model]]) -> bool:
    """Return True if the models declare a number precision and the app has another one."""
    new_precision = _declared_setting(models)
    if new_precision is None:
        return False
    settings = get_app_settings(checked(connection), app=app, preview=True)
    return bool(settings.get("numberPrecision") != new_precision)


def set_precision(writes: SettingsWrites, app: int, models: Iterable[type[Model]]) -> None:
    """Set the app's number precision, which its models declare."""
    new_precision = _declared_setting(models)
    connection = checked(writes.connection)

    def update() -> Mapping[str, Any]:
        return update_app_settings(connection, app=app, settings={"numberPrecision": new_precision})

    def read_result() -> Mapping[str, Any] | None:
        settings = get_app_settings(connection, app=app, preview=True)
        return settings if settings.get("numberPrecision") == new_precision else None

    writes.send([app], update, read_result)


def _declared_setting(models: Iterable[type[Model]]) -> dict[str, str] | None:
    """Return the declared precision as kintone's API describes it."""
    precision = declared_precision(models)
    if precision is None:
        return None
    return {
        "digits": str(precision.digits),
        "decimalPlaces": str(precision.decimal_places),
        "roundingMode": precision.rounding_mode,
    }
