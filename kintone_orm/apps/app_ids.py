"""The ids of the apps that lookups and related records refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kintone_orm.exceptions import DeployError, ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Container

    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

__all__ = ["AppIds"]


@dataclass(frozen=True, slots=True)
class AppIds:
    """The ids of models' apps. `to_create` has the keys of apps that are not in use yet."""

    connection: Connection
    to_create: Container[object] = ()

    def to_send(self, model: type[Model]) -> int:
        """Return the id of the model's app, or 0 if the app is not in use yet.

        DeployError if the connection does not know the app.
        """
        if model._meta.app in self.to_create:
            return 0
        try:
            return model._meta.app_id(self.connection)
        except ImproperlyConfigured as error:
            raise DeployError(
                f"A field needs the app of {model.__name__}, which this connection does not know. "
                f"Pass {model.__name__} to the same deploy()."
            ) from error

    def to_compare(self, model: type[Model]) -> int | None:
        """Return the id of the model's app, 0 as in `to_send`, or None if it is unknown."""
        try:
            return self.to_send(model)
        except DeployError:
            return None
