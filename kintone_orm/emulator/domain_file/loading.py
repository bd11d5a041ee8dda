"""Setting up a domain from a domain file, or comparing the file with existing data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..serving.notifications import check_address
from ..settings.domain import Domain
from ..settings.tokens import add_token
from ..settings.webhooks import EVENTS
from ..store.spaces import Space, create_space
from .apps import make_apps
from .comparing import compare
from .document import read_document
from .file_problems import DomainFileError
from .people import add_guests, add_people, secret
from .result import Made
from .setup import Setup
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
    """Set up a domain from a file. Return the resulting ids and tokens.

    An empty domain gets everything. In a domain with data, the spaces and the settings of apps must
    agree with the file; with `extra_fields`, apps may have more fields. People, tokens and webhooks
    are always added, because data files do not store them.
    Raises DomainFileError, with lines, for problems and differences, before any data is written.
    """
    document = read_document(source)
    check_shape(document)
    setup = Setup(document, domain, domain.clock())
    groups = add_people(setup, environ)
    document.problems.check()
    if _is_new(domain):
        with domain.store.transaction():
            language = document.data.get("language", "en")
            spaces, apps = _make(setup, language=language, with_records=True)
    else:
        spaces, apps = _compare_with_data(setup, extra_fields=extra_fields)
    add_guests(setup, environ, spaces)
    tokens = _add_tokens(setup, apps, environ)
    _add_webhooks(setup, apps, webhook_hosts)
    document.problems.check()
    return Made(apps, spaces, groups, tokens)


def _is_new(domain: Domain) -> bool:
    return not domain.store.spaces() and next(domain.apps(), None) is None


def _make(
    setup: Setup, *, language: str, with_records: bool
) -> tuple[dict[str, Space], dict[str, int]]:
    """Make everything that data files store. Return the spaces and the ids of the apps by key."""
    setup.domain.store.put_fact("language", language)
    spaces: dict[str, Space] = {}
    section = setup.section("spaces")
    # Spaces with fixed ids come first, so that the others get free ids.
    for key in sorted(section, key=lambda key: "id" not in section[key]):
        space = section[key]
        number = int(space["id"]) if "id" in space else None
        try:
            guest, name = space.get("guest", False), space.get("name", key)
            spaces[key] = create_space(setup.domain.store, name=name, guest=guest, number=number)
        except ValueError as error:
            sentence = f"The id is used twice. {error}"
            setup.document.problems.add(("spaces", key, "id"), sentence)
    setup.document.problems.check()
    spaces = {key: spaces[key] for key in section}
    return spaces, make_apps(setup, spaces, with_records=with_records)


def _compare_with_data(
    setup: Setup, *, extra_fields: bool
) -> tuple[dict[str, Space], dict[str, int]]:
    """Compare the data with the file. Return the spaces and the ids of the apps by key.

    The file's apps are made in an empty domain in memory, which is compared with the data. Their
    ids are fixed in the file or follow from its order, so the data must have the same ids.
    """
    expected = Domain(":memory:", setup.domain.clock)
    try:
        expected.directory = setup.domain.directory
        # The comparison is made in the language of the data, because the codes of built-in
        # fields depend on it. So for a file in another language, one difference is
        # reported, not one for each of these fields.
        language = setup.domain.language
        with expected.store.transaction():
            spaces, apps = _make(
                setup._replace(domain=expected), language=language, with_records=False
            )
        compare(setup, expected, Made(apps, spaces), extra_fields=extra_fields)
    finally:
        expected.store.close()
    if len(setup.document.problems):
        try:
            setup.document.problems.check()
        except DomainFileError as error:
            remedy = "Make the file agree with the data, or use another file for the data."
            raise DomainFileError([*error.problems, remedy]) from None
    return spaces, apps


def _add_tokens(
    setup: Setup, apps: Mapping[str, int], environ: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Add the API tokens, fixed or random. Return the tokens by app and name."""
    tokens: dict[str, dict[str, str]] = {}
    for key, number in apps.items():
        for name, token in setup.section("apps", key, "tokens").items():
            where = ("apps", key, "tokens", name)
            fixed = secret(setup, (*where, "token"), token.get("token"), environ)
            try:
                rights = token.get("permissions", ["view"])
                added = add_token(setup.domain, number, rights, fixed)
            except ValueError as error:
                setup.document.problems.add(where, f"The token cannot be added. {error}")
            else:
                tokens.setdefault(key, {})[name] = added
    return tokens


def _add_webhooks(setup: Setup, apps: Mapping[str, int], hosts: Collection[str]) -> None:
    for key, number in apps.items():
        for position, hook in enumerate(setup.section("apps", key).get("webhooks", [])):
            where = ("apps", key, "webhooks", position)
            try:
                check_address(hook["url"], hosts)
                setup.domain.hooks.add(number, hook["url"], hook.get("events", EVENTS))
            except ValueError as error:
                setup.document.problems.add(where, f"The webhook cannot be added. {error}")
