"""The apps of a domain file, in the order in which kintone's rules want their parts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..settings.app_codes import change_app_code
from ..settings.apps import LiveApp, new_app, timestamp
from ..settings.deployments import begin_deploy, finish_deploy
from .forms import add_forms
from .records import add_records
from .refusals import refusals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..store.spaces import Space
    from .setting_up import SettingUp

__all__ = ["make_apps"]

_ENTIRE = "revision"  # what an exported section has, and no request takes as it is


def make_apps(
    setting: SettingUp, spaces: Mapping[str, Space], *, with_records: bool
) -> dict[str, int]:
    """Make, fill and deploy every app of the file; their ids by key."""
    numbers = _make(setting, spaces)
    add_forms(setting, numbers)
    for key, number in numbers.items():
        _put_settings(setting, key, number)
    _deploy(setting, numbers)
    if with_records:
        add_records(setting, numbers)
    # Last, and after the records: they may take every right from who sets the domain up.
    limited = {key: numbers[key] for key in numbers if setting.section("apps", key, "permissions")}
    for key, number in limited.items():
        for part, rights in setting.section("apps", key, "permissions").items():
            where = ("apps", key, "permissions", part)
            path = f"preview/{part}/acl.json"
            setting.put(path, number, where, {"rights": rights}, prefix="rights")
    _deploy(setting, limited)
    return numbers


def _make(setting: SettingUp, spaces: Mapping[str, Space]) -> dict[str, int]:
    """New apps without fields of their own; those without a fixed id get the next ones."""
    domain, complaints = setting.domain, setting.document.complaints
    apps = setting.section("apps")
    fixed: dict[int, str] = {}
    for key, app in apps.items():
        if "id" in app and fixed.setdefault(int(app["id"]), key) != key:
            other = fixed[int(app["id"])]
            complaints.add(("apps", key, "id"), f'The app "{other}" has this id already.')
        if "space" in app and app["space"] not in spaces:
            complaints.unknown(("apps", key, "space"), "space", app["space"], spaces)
    complaints.check()
    numbers: dict[str, int] = {}
    following = (number for number in range(1, len(apps) + len(fixed) + 1) if number not in fixed)
    administrator = domain.directory.administrator
    for key, app in apps.items():
        numbers[key] = int(app["id"]) if "id" in app else next(following)
        domain.store.pass_number("app", numbers[key])
        name = app.get("name") or setting.section("apps", key, "settings").get("name") or key
        made = new_app(
            numbers[key],
            str(name),
            administrator,
            timestamp(setting.now),
            language=domain.language,
            space=spaces.get(app.get("space", "")),
        )
        domain.save_app(made)
    for key, app in apps.items():
        if "code" in app:
            try:
                change_app_code(domain, numbers[key], app["code"])
            except ValueError as error:
                complaints.add(("apps", key, "code"), f"{str(error)[0].upper()}{str(error)[1:]}.")
    complaints.check()
    return numbers


def _put_settings(setting: SettingUp, key: str, number: int) -> None:
    """The layout, the general settings, the process and the views, before they are deployed."""
    app = setting.section("apps", key)
    form, settings = setting.section("apps", key, "form"), dict(app.get("settings") or {})
    process = {name: part for name, part in app.get("process", {}).items() if part is not None}
    if isinstance(process.get("states"), dict):
        process["states"] = _named(process["states"])
    if "layout" in form:
        where, sent = ("apps", key, "form"), {"layout": form["layout"]}
        setting.put("preview/app/form/layout.json", number, where, sent)
    parts: list[tuple[str, str, dict[str, Any]]] = [
        ("settings", "preview/app/settings.json", settings),
        ("process", "preview/app/status.json", process),
    ]
    if "name" in app:
        sent = {"name": app["name"]}
        setting.put("preview/app/settings.json", number, ("apps", key), sent)
    for part, path, sent in parts:
        sent.pop(_ENTIRE, None)
        if sent:
            setting.put(path, number, ("apps", key, part), sent)
    # The view of what one has to work on is there: a process that is on has made it.
    views = {n: view for n, view in app.get("views", {}).items() if "builtinType" not in view}
    made = setting.domain.app(number)
    if views and made:
        there = made["preview"]["views"]
        kept = {n: {"type": there[n]["type"], "index": there[n]["index"]} for n in there}
        sent = {"views": {**kept, **views}}
        setting.put("preview/app/views.json", number, ("apps", key), sent)


def _named(states: dict[str, Any]) -> dict[str, Any]:
    """States, each with its name: written by hand, one need not say its key once more."""
    return {
        key: {"name": key, **state} if isinstance(state, dict) else state
        for key, state in states.items()
    }


def _deploy(setting: SettingUp, numbers: Mapping[str, int]) -> None:
    """Put the settings of these apps in service."""
    domain = setting.domain
    for key, number in numbers.items():
        app = domain.app(number)
        if app is not None:
            # Once for each, so that what is wrong has its place; begin_deploy does it again.
            with refusals(setting.document, ("apps", key), partial(setting.names, number)):
                LiveApp(app, app["preview"])
    with refusals(setting.document, ("apps",), lambda: setting.names(*numbers.values())):
        begin_deploy(domain, [app for app in map(domain.app, numbers.values()) if app])
    finish_deploy(domain, numbers.values())
