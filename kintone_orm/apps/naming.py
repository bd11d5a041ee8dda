"""The names of models and apps, for errors and for new apps."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from kintone_orm.exceptions import APIError, DeployError, KintoneORMError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kintone_orm.models.base import Model

__all__ = ["app_name", "extend_text", "labels", "naming_models"]


def app_name(models: Sequence[type[Model]]) -> str:
    """Return the name of the app that the models share."""
    name: str = models[0]._meta.concrete_model._meta.verbose_name
    return name


@contextmanager
def naming_models(
    models_by_app: Mapping[int, Sequence[type[Model]]], without_app: Sequence[type[Model]] = ()
) -> Iterator[None]:
    """Name the models and their apps in a DeployError or an APIError of the block."""
    apps = [f"{labels(models)} (app {app})" for app, models in models_by_app.items()]
    names = ", ".join(apps) or labels(without_app)
    try:
        yield
    except (APIError, DeployError) as error:
        extend_text(error, before=f"{names}: ")
        raise


def extend_text(error: KintoneORMError, *, before: str = "", after: str = "") -> None:
    """Add texts to the error's message."""
    if isinstance(error, APIError):
        error.message = f"{before}{error.message}{after}"
    else:
        error.args = (f"{before}{error}{after}",)


def labels(models: Iterable[type[Model]]) -> str:
    """Return the names of the models for an error: "City, Country"."""
    return ", ".join(dict.fromkeys(model._meta.label for model in models))
