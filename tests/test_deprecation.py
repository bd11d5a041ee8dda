"""Renamed names keep working, with a DeprecationWarning."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from kintone_orm.deprecation import RenamedAttribute, renamed_arguments, renamed_names

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def module() -> Iterator[ModuleType]:
    """A module in which `Old` became `New`, and `dumps` moved to json."""
    module = ModuleType("shop")
    vars(module)["New"] = int
    names = {"Old": "New", "dumps": "json:dumps"}
    vars(module)["__getattr__"] = renamed_names("shop", names)
    sys.modules["shop"] = module
    yield module
    del sys.modules["shop"]


def test_an_old_name_of_a_module_gives_the_new_one_with_a_warning(module: ModuleType) -> None:
    with pytest.warns(DeprecationWarning, match=r"shop\.Old is deprecated .* Use shop\.New\."):
        assert module.Old is int


def test_the_warning_points_at_the_import(module: ModuleType) -> None:
    with pytest.warns(DeprecationWarning, match="shop") as caught:
        exec(compile("from shop import Old", "program.py", "exec"), {})
    assert caught[0].filename == "program.py"


def test_a_name_that_moved_comes_from_its_new_module(module: ModuleType) -> None:
    with pytest.warns(DeprecationWarning, match=r"shop\.dumps .* Use json\.dumps\."):
        assert module.dumps is importlib.import_module("json").dumps


def test_a_name_that_never_was_is_still_an_attribute_error(module: ModuleType) -> None:
    with pytest.raises(AttributeError, match="module 'shop' has no attribute 'never'"):
        _ = module.never


class Record:
    status = "new"
    state = RenamedAttribute[str]("status")

    def label(self) -> str:
        return f"a record: {self.status}"

    text = RenamedAttribute["object"]("label")


def test_an_old_attribute_reads_the_new_one_with_a_warning() -> None:
    with pytest.warns(DeprecationWarning, match=r"Record\.state .* Use Record\.status\.") as caught:
        assert Record().state == "new"
    assert caught[0].filename == __file__


def test_an_old_attribute_can_be_read_from_the_class() -> None:
    with pytest.warns(DeprecationWarning, match=r"Record\.state"):
        assert Record.state == "new"


def test_setting_an_old_attribute_sets_the_new_one_with_a_warning() -> None:
    record = Record()
    with pytest.warns(DeprecationWarning, match=r"Record\.state") as caught:
        record.state = "done"
    assert (record.status, caught[0].filename) == ("done", __file__)


def test_an_old_method_can_be_called() -> None:
    with pytest.warns(DeprecationWarning, match=r"Record\.text"):
        assert getattr(Record(), "text")() == "a record: new"  # noqa: B009


@renamed_arguments(state="status")
def move(record: str, *, status: str = "done") -> str:
    return f"{record} is {status}"


def test_an_old_argument_is_passed_as_the_new_one_with_a_warning() -> None:
    message = r"move\(\): the argument 'state' is deprecated .* Use 'status'\."
    with pytest.warns(DeprecationWarning, match=message) as caught:
        assert move("a", state="new") == "a is new"
    assert caught[0].filename == __file__


def test_the_new_argument_gives_no_warning() -> None:
    assert move("a", status="new") == "a is new"


def test_both_arguments_at_once_are_refused() -> None:
    with pytest.raises(TypeError, match="got both 'state' and 'status'"):
        move("a", status="new", state="new")
