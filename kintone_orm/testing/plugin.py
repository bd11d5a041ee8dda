"""The pytest plugin: fixtures with an emulated kintone, and a block of the network.

The fixtures are `kintone` and `live_kintone`. The mark and the option `kintone_domain` name the
domain file that they start from. In all tests, connections of kintone_orm reach no other computer,
unless the mark or the option `kintone_allow_hosts` allows its host. A test with the mark
`kintone_live` needs the real kintone; it runs only with the option `--kintone-live`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.models.base import Model
from kintone_orm.settings import parse_settings
from kintone_orm.testing.emulation import emulate
from kintone_orm.testing.network import block_network

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from kintone_orm.emulator.domain_file import DomainFile
    from kintone_orm.testing.emulation import EmulatedConnection, Snapshot

__all__ = ["kintone", "live_kintone"]

_HOSTS = "kintone_allow_hosts"
_DOMAIN = "kintone_domain"
_LIVE = "kintone_live"
_LIVE_OPTION = "--kintone-live"

# Variables with settings of a real kintone, which must not be sent to an emulated kintone.
_REMOVED_VARIABLES = (
    "KINTONE_API_TOKEN",
    "KINTONE_OAUTH_TOKEN",
    "KINTONE_BASIC_AUTH_USERNAME",
    "KINTONE_BASIC_AUTH_PASSWORD",
    "KINTONE_CLIENT_CERT",
    "KINTONE_CLIENT_KEY",
    "KINTONE_GUEST_SPACE_ID",
)


@pytest.fixture
def kintone(
    request: pytest.FixtureRequest, _kintones_of_module: Callable[[DomainFile | None], Snapshot]
) -> Iterator[EmulatedConnection]:
    """An emulated kintone for one test, with an app for each model that the test's module can see.

    A test's module can see the models that it defines or imports, and the models of the modules
    that it imports. The kintone is empty at first, or has the content of a domain file. The file
    comes from a parameter of the fixture, the mark `kintone_domain`, or the option of that name, in
    this order.

    The test's querysets use this connection. `kintone_orm.testing.emulate` does the same for models
    that you name.
    """
    with emulate(like=_kintones_of_module(_domain_of(request))) as connection:
        yield connection


@pytest.fixture
def live_kintone(
    request: pytest.FixtureRequest,
    _kintones_of_module: Callable[[DomainFile | None], Snapshot],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[EmulatedConnection]:
    """An emulated kintone like `kintone`, but over HTTP, for programs in other processes.

    During the test, the environment variables KINTONE_BASE_URL, KINTONE_USERNAME and
    KINTONE_PASSWORD describe it. All other variables of a connection are removed. The fixture needs
    the extra `emulator`: install 'kintone-orm[emulator]'.
    """
    try:
        from kintone_orm.testing.live import emulate_live
    except ModuleNotFoundError:
        message = "live_kintone needs an extra. Run pip install 'kintone-orm[emulator]'."
        raise pytest.fail.Exception(message, pytrace=False) from None
    with emulate_live(like=_kintones_of_module(_domain_of(request))) as connection:
        username, password = connection.emulator.credentials
        for name in _REMOVED_VARIABLES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("KINTONE_BASE_URL", connection.base_url)
        monkeypatch.setenv("KINTONE_USERNAME", username)
        monkeypatch.setenv("KINTONE_PASSWORD", password)
        yield connection


@pytest.fixture(scope="module")
def _kintones_of_module(request: pytest.FixtureRequest) -> Callable[[DomainFile | None], Snapshot]:
    """A function that returns the snapshot for a domain file.

    Each test module makes a snapshot once, because copying it is faster than creating the apps.
    """
    # A text file of doctests has no module.
    values = list(vars(request.module).values()) if request.module else []
    for module in [value for value in values if isinstance(value, ModuleType)]:
        # A test may import a whole module of models: import shop.models as models
        values += vars(module).values()
    models = dict.fromkeys(
        value
        for value in values
        if isinstance(value, type) and issubclass(value, Model) and not value._meta.abstract
    )
    snapshots: dict[object, Snapshot] = {}

    def snapshot_of(domain: DomainFile | None) -> Snapshot:
        # A mapping in a mark or parameter lives as long as the tests, so its id is unique.
        key = id(domain) if isinstance(domain, Mapping) else domain
        if key not in snapshots:
            with emulate(*models, domain=domain) as connection:
                snapshots[key] = connection.snapshot()
        return snapshots[key]

    return snapshot_of


def _domain_of(request: pytest.FixtureRequest) -> DomainFile | None:
    """Return the domain file of a test: from its parameter, its mark or the option, in this order.

    A path in a parameter or a mark is relative to the test's file. A path in the option is relative
    to the root directory.
    """
    mark = request.node.get_closest_marker(_DOMAIN)
    if mark is not None and (len(mark.args) != 1 or mark.kwargs):
        message = f'The mark {_DOMAIN} takes one domain file: @pytest.mark.{_DOMAIN}("shop.json").'
        raise pytest.UsageError(message)
    domain = getattr(request, "param", None) or (mark.args[0] if mark else None)
    if isinstance(domain, Mapping):
        return domain
    if domain is not None:
        return Path(request.path.parent, domain)
    option = request.config.getini(_DOMAIN)
    return Path(request.config.rootpath, option) if option else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    parser.addini(
        _HOSTS,
        "Hosts that connections of kintone_orm may reach in tests, such as sandbox.cybozu.com; "
        "* matches any text. By default, only this computer.",
        type="args",
        default=[],
    )
    parser.addini(
        _DOMAIN, "The domain file that the kintone of every test starts from.", default=""
    )
    parser.getgroup("kintone_orm").addoption(
        _LIVE_OPTION,
        action="store_true",
        help=f"Run the tests with the mark {_LIVE}, on the kintone of the environment.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks, and block the network for the whole run."""
    config.addinivalue_line(
        "markers",
        f"{_HOSTS}(*hosts): the test's connections of kintone_orm may reach these hosts, "
        "and those of the option.",
    )
    config.addinivalue_line(
        "markers",
        f"{_DOMAIN}(file): the test's kintone starts from this domain file. The path is "
        "relative to the test's file.",
    )
    config.addinivalue_line(
        "markers",
        f"{_LIVE}: the test needs the kintone of the environment (KINTONE_BASE_URL ...). It is "
        f"skipped unless pytest runs with {_LIVE_OPTION}.",
    )
    until_done = ExitStack()
    until_done.enter_context(block_network(allow=config.getini(_HOSTS)))
    config.add_cleanup(until_done.close)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the tests that need the real kintone, unless the option asks for them."""
    if not config.getoption(_LIVE_OPTION):
        skip = pytest.mark.skip(reason=f"needs the real kintone: run pytest with {_LIVE_OPTION}")
        for item in items:
            if item.get_closest_marker(_LIVE):
                item.add_marker(skip)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, None]:
    """Allow the hosts of the test's marks during the test and its fixtures."""
    hosts = [host for mark in item.iter_markers(_HOSTS) for host in mark.args]
    if item.get_closest_marker(_LIVE):
        hosts += _hosts_of_environment()
    if not hosts:
        yield
        return
    with block_network(allow=[*item.config.getini(_HOSTS), *hosts]):
        yield


def _hosts_of_environment() -> list[str]:
    """Return the host of the kintone that the environment names, if it names one."""
    # An address that cannot be read is an error of the test's first request.
    with suppress(ImproperlyConfigured, KeyError):
        if base_url := parse_settings(base_url=os.environ["KINTONE_BASE_URL"]).base_url:
            return [urlsplit(base_url).hostname or ""]
    return []
