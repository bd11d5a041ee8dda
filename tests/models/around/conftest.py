"""An app whose process is Draft, Review, Done; its people, and records in it."""

from __future__ import annotations

import pytest
from support.models.claims import ACTIONS, STATES, Claim, Expense
from support.workflows import set_process, signed_in


@pytest.fixture
def app(kintone):
    return kintone.apps["expense"]


@pytest.fixture
def kato(kintone):
    return signed_in(kintone, "kato", name="Kato")


@pytest.fixture
def process(kintone, app, kato):
    signed_in(kintone, "mori")
    set_process(kintone, app, states=STATES, actions=ACTIONS)
    return kintone


@pytest.fixture
def expense(process):
    return Expense.objects.create(purpose="train", amount=5)


@pytest.fixture
def claim(expense):
    return Claim.objects.get()


@pytest.fixture
def expenses(process):
    return Expense.objects.bulk_create([Expense(amount=n) for n in range(250)])
