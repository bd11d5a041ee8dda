"""The changes that a deploy() is going to make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kintone_orm.apps.naming import naming_models

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from kintone_orm.apps.deploying.form_changes import FormChanges
    from kintone_orm.apps.deploying.near_codes import NearCode
    from kintone_orm.models.base import Model

__all__ = ["App", "AppChanges", "Deployment", "NewApp"]


@dataclass(frozen=True, slots=True)
class App:
    """An app with its models and its forms before the deploy: preview, and live if there is one."""

    id: int
    models: Sequence[type[Model]]
    preview: dict[str, Any]
    live: dict[str, Any] | None

    @property
    def is_new(self) -> bool:
        """True if the app was never deployed, so that nobody uses it yet."""
        return self.live is None

    @property
    def is_live(self) -> bool:
        """True if the preview has no changes that are not live."""
        return self.live is not None and self.live["revision"] == self.preview["revision"]

    def named(self) -> AbstractContextManager[None]:
        """Name the app and its models in errors of the block."""
        return naming_models({self.id: self.models})


@dataclass(frozen=True, slots=True)
class AppChanges:
    """The changes that an existing app needs.

    `near_codes` are its new codes that look like typos, if the app has records.
    """

    app: App
    form: FormChanges
    sets_precision: bool
    near_codes: Sequence[NearCode] = ()

    def __bool__(self) -> bool:
        return bool(self.form) or self.sets_precision or not self.app.is_live


@dataclass(frozen=True, slots=True)
class NewApp:
    """An app to create, and the changes that its form needs."""

    models: Sequence[type[Model]]
    form: FormChanges


@dataclass(frozen=True, slots=True)
class Deployment:
    """The apps to create, by key, and the existing apps with the changes that they need.

    `unfinished` has the ids of those existing apps that an interrupted deploy() has made, by key.
    """

    new_apps: Mapping[str, NewApp]
    apps: Sequence[AppChanges]
    unfinished: Mapping[str, int]

    def __bool__(self) -> bool:
        return bool(self.new_apps) or any(self.apps)
