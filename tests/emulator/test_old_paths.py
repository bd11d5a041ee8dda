"""Modules that moved into rooms can be imported by their documented old paths."""

from __future__ import annotations

from importlib import import_module

import pytest

import kintone_orm.emulator

DOCUMENTED = [
    ("adapter", "EmulatorAdapter"),
    ("delivery", "Delivery"),
    ("fault_orders", "FaultOrders"),
    ("faults", "FaultRule"),
    ("faults", "Faults"),
    ("journal", "Exchange"),
    ("notifications", "Webhooks"),
    ("overview", "AppOverview"),
    ("overview", "Overview"),
]


@pytest.mark.parametrize(("module", "name"), DOCUMENTED)
def test_an_old_path_leads_to_the_class(module, name):
    old = import_module(f"kintone_orm.emulator.{module}")
    assert getattr(old, name) is getattr(kintone_orm.emulator, name)


def test_a_switch_set_by_the_path_of_choices_is_the_emulators(monkeypatch):
    monkeypatch.setattr("kintone_orm.emulator.choices.SEARCH_LAGS", "set")
    assert import_module("kintone_orm.emulator.ground.choices").SEARCH_LAGS == "set"
