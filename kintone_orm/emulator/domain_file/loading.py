"""A domain as a file says: the order of everything, and what data that is there already means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..serving.notifications import check_address
from ..settings.domain import Domain
from ..settings.tokens import add_token
from ..settings.webhooks import EVENTS
from ..store.spaces import Space, create_space
from .apps import make_apps
from .comparing import compare
from .complaints import DomainFileError
from .document import read_document
from .people import add_guests, add_people, secret
from .result import Made
from .setting_up import SettingUp
from .shape import check_shape

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .document import DomainFile

__all__ = ["load_domain"]


def load_domain(
    source: DomainFile,
    domain: Domain,
    *,
    environ: Mapping[str, str],
    webhook_hosts: Collection[str],
    extra_fields: bool,
) -> Made:
    """Set a domain up as a file says; what it was given.

    New data gets everything. Data that is there must be what the file makes, as far as spaces and
    the settings of apps go, `extra_fields` of theirs apart; people, tokens and webhooks, which no
    data keeps, are added.
    DomainFileError, with lines, for what is wrong or differs: then nothing is written.
    """
    document = read_document(source)
    check_shape(document)
    setting = SettingUp(document, domain, domain.clock())
    groups = add_people(setting, environ)
    document.complaints.check()
    if _is_new(domain):
        with domain.store.transaction():
            language = document.data.get("language", "en")
            spaces, apps = _make(setting, language=language, with_records=True)
    else:
        spaces, apps = _find(setting, extra_fields=extra_fields)
    add_guests(setting, environ, spaces)
    tokens = _add_tokens(setting, apps, environ)
    _add_webhooks(setting, apps, webhook_hosts)
    document.complaints.check()
    return Made(apps, spaces, groups, tokens)


def _is_new(domain: Domain) -> bool:
    return not domain.store.spaces() and next(domain.apps(), None) is None


def _make(
    setting: SettingUp, *, language: str, with_records: bool
) -> tuple[dict[str, Space], dict[str, int]]:
    """Everything that the data keeps: the spaces and the ids of the apps."""
    setting.domain.store.put_fact("language", language)
    spaces: dict[str, Space] = {}
    listed = setting.section("spaces")
    for key in sorted(listed, key=lambda key: "id" not in listed[key]):
        space = listed[key]
        number = int(space["id"]) if "id" in space else None
        try:
            guest, name = space.get("guest", False), space.get("name", key)
            spaces[key] = create_space(setting.domain.store, name=name, guest=guest, number=number)
        except ValueError as error:
            setting.document.complaints.add(("spaces", key, "id"), f"Twice: {error}.")
    setting.document.complaints.check()
    spaces = {key: spaces[key] for key in listed}
    return spaces, make_apps(setting, spaces, with_records=with_records)


def _find(setting: SettingUp, *, extra_fields: bool) -> tuple[dict[str, Space], dict[str, int]]:
    """What the data has of what the file makes; the file is tried on a domain of its own."""
    wanted = Domain(":memory:", setting.domain.clock)
    try:
        wanted.directory = setting.domain.directory
        # In another language, each built-in field would be a difference of its own.
        language = setting.domain.language
        with wanted.store.transaction():
            spaces, apps = _make(
                setting._replace(domain=wanted), language=language, with_records=False
            )
        compare(setting, wanted, Made(apps, spaces), extra_fields=extra_fields)
    finally:
        wanted.store.close()
    if len(setting.document.complaints):
        try:
            setting.document.complaints.check()
        except DomainFileError as error:
            remedy = "Change the file to what the data has, or keep new data in another file."
            raise DomainFileError([*error.problems, remedy]) from None
    return spaces, apps


def _add_tokens(
    setting: SettingUp, apps: Mapping[str, int], environ: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """The tokens by app and name: random ones, and those that the file fixes."""
    found: dict[str, dict[str, str]] = {}
    for key, number in apps.items():
        for name, token in setting.section("apps", key, "tokens").items():
            where = ("apps", key, "tokens", name)
            fixed = secret(setting, (*where, "token"), token.get("token"), environ)
            try:
                rights = token.get("permissions", ["view"])
                given = add_token(setting.domain, number, rights, fixed)
            except ValueError as error:
                setting.document.complaints.add(where, f"It cannot be added: {error}.")
            else:
                found.setdefault(key, {})[name] = given
    return found


def _add_webhooks(setting: SettingUp, apps: Mapping[str, int], hosts: Collection[str]) -> None:
    for key, number in apps.items():
        for position, hook in enumerate(setting.section("apps", key).get("webhooks", [])):
            where = ("apps", key, "webhooks", position)
            try:
                check_address(hook["url"], hosts)
                setting.domain.hooks.add(number, hook["url"], hook.get("events", EVENTS))
            except ValueError as error:
                setting.document.complaints.add(where, f"It cannot be added: {error}.")
