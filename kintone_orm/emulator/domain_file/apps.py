"""Making the apps of a domain file, with each step in the order that kintone's rules need."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..settings.app_codes import change_app_code
from ..settings.apps import LiveApp, new_app, timestamp
from ..settings.deployments import begin_deploy, finish_deploy
from .forms import add_forms
from .records import add_records
from .refusals import translating_refusals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..store.spaces import Space
    from .setup import Setup

__all__ = ["make_apps"]

# Exported sections have a revision, which kintone would refuse for the new app.
_REVISION = "revision"


def make_apps(setup: Setup, spaces: Mapping[str, Space], *, with_records: bool) -> dict[str, int]:
    """Make, fill and deploy every app of the file. Return the apps' ids by key."""
    numbers = _make_empty_apps(setup, spaces)
    add_forms(setup, numbers)
    for key, number in numbers.items():
        _put_settings(setup, key, number)
    _deploy(setup, numbers)
    if with_records:
        add_records(setup, numbers)
    # Permissions come last, even after the records. They may take rights away from the
    # Administrator, who makes everything else.
    limited = {key: numbers[key] for key in numbers if setup.section("apps", key, "permissions")}
    for key, number in limited.items():
        for subject, rights in setup.section("apps", key, "permissions").items():
            where = ("apps", key, "permissions", subject)
            path = f"preview/{subject}/acl.json"
            setup.put(path, number, where, {"rights": rights}, prefix="rights")
    _deploy(setup, limited)
    return numbers


def _make_empty_apps(setup: Setup, spaces: Mapping[str, Space]) -> dict[str, int]:
    """Make the apps without fields. Apps without a fixed id get the lowest free ids."""
    domain, problems = setup.domain, setup.document.problems
    apps = setup.section("apps")
    fixed: dict[int, str] = {}
    for key, app in apps.items():
        if "id" in app and fixed.setdefault(int(app["id"]), key) != key:
            other = fixed[int(app["id"])]
            problems.add(("apps", key, "id"), f'The app "{other}" already has this id.')
        if "space" in app and app["space"] not in spaces:
            problems.add_unknown(("apps", key, "space"), "space", app["space"], spaces)
    problems.check()
    numbers: dict[str, int] = {}
    free = (number for number in range(1, len(apps) + len(fixed) + 1) if number not in fixed)
    administrator = domain.directory.administrator
    for key, app in apps.items():
        numbers[key] = int(app["id"]) if "id" in app else next(free)
        domain.store.pass_number("app", numbers[key])
        name = app.get("name") or setup.section("apps", key, "settings").get("name") or key
        app_document = new_app(
            numbers[key],
            str(name),
            administrator,
            timestamp(setup.now),
            language=domain.language,
            space=spaces.get(app.get("space", "")),
        )
        domain.save_app(app_document)
    for key, app in apps.items():
        if "code" in app:
            try:
                change_app_code(domain, numbers[key], app["code"])
            except ValueError as error:
                problems.add(("apps", key, "code"), str(error))
    problems.check()
    return numbers


def _put_settings(setup: Setup, key: str, number: int) -> None:
    """Send the layout, general settings, process and views of an app to its preview settings."""
    app = setup.section("apps", key)
    form, settings = setup.section("apps", key, "form"), dict(app.get("settings") or {})
    process = {name: value for name, value in app.get("process", {}).items() if value is not None}
    if isinstance(process.get("states"), dict):
        process["states"] = _add_names(process["states"])
    if "layout" in form:
        where, sent = ("apps", key, "form"), {"layout": form["layout"]}
        setup.put("preview/app/form/layout.json", number, where, sent)
    sections: list[tuple[str, str, dict[str, Any]]] = [
        ("settings", "preview/app/settings.json", settings),
        ("process", "preview/app/status.json", process),
    ]
    if "name" in app:
        sent = {"name": app["name"]}
        setup.put("preview/app/settings.json", number, ("apps", key), sent)
    for section, path, sent in sections:
        sent.pop(_REVISION, None)
        if sent:
            setup.put(path, number, ("apps", key, section), sent)
    # An update of views deletes the views that are not sent. So the built-in view of assigned
    # records, which the process has made, is sent again unchanged.
    views = {n: view for n, view in app.get("views", {}).items() if "builtinType" not in view}
    app_document = setup.domain.app(number)
    if views and app_document:
        existing = app_document["preview"]["views"]
        unchanged = {
            name: {"type": view["type"], "index": view["index"]} for name, view in existing.items()
        }
        sent = {"views": {**unchanged, **views}}
        setup.put("preview/app/views.json", number, ("apps", key), sent)


def _add_names(states: dict[str, Any]) -> dict[str, Any]:
    """Return the states with their keys as default names, because kintone requires names."""
    return {
        key: {"name": key, **state} if isinstance(state, dict) else state
        for key, state in states.items()
    }


def _deploy(setup: Setup, numbers: Mapping[str, int]) -> None:
    """Deploy these apps."""
    domain = setup.domain
    for key, number in numbers.items():
        app = domain.app(number)
        if app is not None:
            # begin_deploy() checks all apps together. Each app is checked here first, so that an
            # error names the app's place in the file.
            with translating_refusals(setup.document, ("apps", key), partial(setup.names, number)):
                LiveApp(app, app["preview"])
    with translating_refusals(setup.document, ("apps",), lambda: setup.names(*numbers.values())):
        begin_deploy(domain, [app for app in map(domain.app, numbers.values()) if app])
    finish_deploy(domain, numbers.values())
