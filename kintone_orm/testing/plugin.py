"""The pytest plugin, there once kintone_orm is installed: a kintone for each test that asks.

The fixtures are `kintone` and `live_kintone`; the mark and the option `kintone_domain` name the
domain file that they begin with. Apart from them it lets no connection of kintone_orm
reach another computer, unless the option `kintone_allow_hosts` or the mark of that name allows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from kintone_orm.models.base import Model
from kintone_orm.testing.emulation import emulate
from kintone_orm.testing.network import block_network

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from kintone_orm.emulator.domain_file import DomainFile
    from kintone_orm.testing.emulation import EmulatedConnection, Snapshot

__all__ = ["kintone", "live_kintone"]

_HOSTS = "kintone_allow_hosts"
_DOMAIN = "kintone_domain"

# What a developer's environment may hold for a real kintone, and an emulated one must not be sent.
_NOT_FOR_IT = (
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
    """A kintone for one test, with an app for every model that the test's module can see.

    It sees the models that it defines or imports, and those of the modules that it imports. It
    begins empty, or with what the domain file says that the mark `kintone_domain`, a parameter of
    the fixture or the option of the same name gives.

    It is the connection that the test's querysets use; see `kintone_orm.testing.emulate`, which
    does the same for models named one by one.
    """
    with emulate(like=_kintones_of_module(_domain_of(request))) as connection:
        yield connection


@pytest.fixture
def live_kintone(
    request: pytest.FixtureRequest,
    _kintones_of_module: Callable[[DomainFile | None], Snapshot],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[EmulatedConnection]:
    """The same over HTTP, for programs in other processes, which find it in the environment.

    KINTONE_BASE_URL, KINTONE_USERNAME and KINTONE_PASSWORD are its own for the time of the test;
    whatever else of the kind was there is not. Needs the extra: 'kintone-orm[emulator]'.
    """
    try:
        from kintone_orm.testing.live import emulate_live
    except ModuleNotFoundError:
        message = "live_kintone needs an extra: pip install 'kintone-orm[emulator]'."
        raise pytest.fail.Exception(message, pytrace=False) from None
    with emulate_live(like=_kintones_of_module(_domain_of(request))) as connection:
        username, password = connection.emulator.credentials
        for name in _NOT_FOR_IT:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("KINTONE_BASE_URL", connection.base_url)
        monkeypatch.setenv("KINTONE_USERNAME", username)
        monkeypatch.setenv("KINTONE_PASSWORD", password)
        yield connection


@pytest.fixture(scope="module")
def _kintones_of_module(request: pytest.FixtureRequest) -> Callable[[DomainFile | None], Snapshot]:
    """Snapshots for the tests of the module, one for each domain file or none, made when asked for.

    Making apps takes longer than copying them.
    """
    # A text file of doctests has no module.
    names = list(vars(request.module).values()) if request.module else []
    for module in [it for it in names if isinstance(it, ModuleType)]:
        names += vars(module).values()  # import shop.models as models
    seen = dict.fromkeys(
        it
        for it in names
        if isinstance(it, type) and issubclass(it, Model) and not it._meta.abstract
    )
    made: dict[object, Snapshot] = {}

    def begin_with(domain: DomainFile | None) -> Snapshot:
        # What a mark or a parameter has in Python lives as long as the module's tests.
        key = id(domain) if isinstance(domain, Mapping) else domain
        if key not in made:
            with emulate(*seen, domain=domain) as connection:
                made[key] = connection.snapshot()
        return made[key]

    return begin_with


def _domain_of(request: pytest.FixtureRequest) -> DomainFile | None:
    """The domain file of a test: of its parameter, its mark, or the option; in this order.

    The first two are beside the test's file, or are what is in a domain file as Python has it; the
    option is in the directory of the settings.
    """
    mark = request.node.get_closest_marker(_DOMAIN)
    if mark is not None and (len(mark.args) != 1 or mark.kwargs):
        message = f'The mark {_DOMAIN} takes one domain file: @pytest.mark.{_DOMAIN}("shop.json").'
        raise pytest.UsageError(message)
    given = getattr(request, "param", None) or (mark.args[0] if mark else None)
    if isinstance(given, Mapping):
        return given
    if given is not None:
        return Path(request.path.parent, given)
    option = request.config.getini(_DOMAIN)
    return Path(request.config.rootpath, option) if option else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option."""
    parser.addini(
        _HOSTS,
        "Hosts that connections of kintone_orm may reach in tests, such as sandbox.cybozu.com; "
        "* stands for anything. Without it, only this computer.",
        type="args",
        default=[],
    )
    parser.addini(
        _DOMAIN, "The domain file that the kintone of every test begins with.", default=""
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark, and block the network until pytest is done."""
    config.addinivalue_line(
        "markers",
        f"{_HOSTS}(*hosts): connections of kintone_orm may reach these hosts in the test, besides "
        "those of the option.",
    )
    config.addinivalue_line(
        "markers",
        f"{_DOMAIN}(file): the kintone of the test begins with this domain file, which is beside "
        "the test's.",
    )
    until_done = ExitStack()
    until_done.enter_context(block_network(allow=config.getini(_HOSTS)))
    config.add_cleanup(until_done.close)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, None]:
    """Allow what the test's marks allow, from its fixtures' beginning to their end."""
    hosts = [host for mark in item.iter_markers(_HOSTS) for host in mark.args]
    if not hosts:
        yield
        return
    with block_network(allow=[*item.config.getini(_HOSTS), *hosts]):
        yield
