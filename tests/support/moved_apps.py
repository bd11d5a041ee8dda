"""Apps inspected in one emulator, and deployed from the written models to an empty one."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kintone_orm.api.apps import get_app_settings, update_app_settings
from kintone_orm.api.form import (
    delete_form_fields,
    get_form_fields,
    get_form_layout,
    update_form_fields,
    update_form_layout,
)
from kintone_orm.api.process import get_process, update_process
from kintone_orm.apps import deploy, inspect
from kintone_orm.testing import emulate
from support.inspected import importing, models_of
from support.sayable import sayable
from support.workflows import put_into_service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kintone_orm import Model
    from kintone_orm.connection import Connection
    from kintone_orm.emulator import DomainFile

__all__ = ["PEOPLE", "Moved", "add_unsayable", "forms_of", "moving"]

PEOPLE = {
    "language": "ja",
    "users": {"sato": {"password": "secret"}, "suzuki": {"password": "secret"}},
    "groups": {"managers": {}},
    "organizations": {"sales": {}},
}


@dataclass
class Moved:
    """Two emulators with the same apps, the module that led from one to the other, its models."""

    source: Connection
    target: Connection
    text: str
    models: list[type[Model]]

    def text_of_target(self, **options: Any) -> str:
        """Return the module of the second emulator, with the class names of the first one."""
        names = {
            str(self.target.app_id(model._meta.app)): {"class": model.__name__}
            for model in self.models
        }
        return inspect(
            *self.target.apps.values(),
            using=self.target,
            keys=True,
            names={"apps": names},
            **options,
        )


@contextmanager
def moving(domain: DomainFile, **options: Any) -> Iterator[Moved]:
    """Inspect the apps of a domain with keys, and deploy the models to an empty emulator.

    The second emulator is the current connection. `options` are those of inspect().
    """
    with emulate(domain=domain) as source:
        text = inspect(*source.apps.values(), keys=True, **options)
        with importing(text) as module, emulate(domain=PEOPLE) as target:
            models = models_of(module)
            deploy(*models)
            yield Moved(source, target, text, models)


def add_unsayable(moved: Moved) -> None:
    """Give the second apps the parts that no model says, as their administrator does."""
    for key, app in moved.target.apps.items():
        other = moved.source.apps[key]
        settings = get_app_settings(moved.source, app=other)
        update_app_settings(
            moved.target, app=app, settings={"description": settings["description"]}
        )
        form = get_form_fields(moved.source, app=other)["properties"]
        _offer_people(moved.target, app, form)
        new_form = get_form_fields(moved.target, app=app)["properties"]
        if deleted := [code for code in new_form if code not in form]:
            delete_form_fields(moved.target, app=app, fields=deleted)
        layout = get_form_layout(moved.source, app=other)["layout"]
        update_form_layout(moved.target, app=app, layout=[*_without_groups(layout)])
        process = get_process(moved.source, app=other)
        if process["enable"]:
            parts = {name: process[name] for name in ("states", "actions")}
            update_process(moved.target, app=app, enable=True, **parts)
        put_into_service(moved.target, app)


def _offer_people(target: Connection, app: int, form: Mapping[str, Any]) -> None:
    """Offer the same people to choose from."""
    offering = {
        code: {"type": field["type"], "code": code, "entities": field["entities"]}
        for code, field in form.items()
        if field.get("entities")
    }
    if offering:
        update_form_fields(target, app=app, properties=offering)


def _without_groups(layout: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for part in layout:
        if part["type"] == "GROUP":
            yield from part["layout"]
        else:
            yield part


def forms_of(connection: Connection) -> dict[str, dict[str, Any]]:
    """Return what models can say of each form, by the app's key."""
    keys = {str(app): key for key, app in connection.apps.items()}
    return {
        key: sayable(get_form_fields(connection, app=app)["properties"], keys)
        for key, app in connection.apps.items()
    }
