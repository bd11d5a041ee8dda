"""Comparing the options of a model's Meta with the general settings of its app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.apps.drift.finding import Finding
from kintone_orm.models.ground.form_definitions import number_precision

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kintone_orm.models.base import Model

__all__ = ["compare_meta"]


def compare_meta(model: type[Model], app: int, settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the differences of the number precision and of the app's name, where declared.

    `settings` is the answer of "kintone REST API: Get General Settings".
    """
    meta = model._meta
    precision = meta.number_precision
    theirs = number_precision(settings)
    if precision is not None and theirs is not None:
        ours = (precision.digits, precision.decimal_places, precision.rounding_mode)
        if ours != theirs:
            text = (
                f"Meta.number_precision is {_precision(*ours)}, but the app has "
                f"{_precision(*theirs)}. Change it in the model, or change the app."
            )
            yield Finding(meta.label, app, "", "", "precision", True, f"{meta.label}: {text}")
    if meta.verbose_name not in (meta.label, settings["name"]):
        text = (
            f"Meta.verbose_name is {meta.verbose_name!r}, but the app's name is "
            f"{settings['name']!r}. Change it in the model, or change the app."
        )
        yield Finding(meta.label, app, "", "", "app name", False, f"{meta.label}: {text}")


def _precision(digits: int, decimal_places: int, rounding_mode: str) -> str:
    return f"{digits} digits, {decimal_places} decimal places, {rounding_mode}"
