"""A refused read names the model, the app and the value."""

from __future__ import annotations

import pytest
from support.models.gifts import Order

from kintone_orm.emulator import Fault
from kintone_orm.exceptions import (
    APIError,
    QueryError,
    ServerBusy,
)


def refuse(kintone, code, message):
    def wrapper(send, request):
        answer = send(request)
        if request.method == "GET" and request.path.endswith("records.json"):
            body = f'{{"code": "{code}", "id": "x", "message": "{message}"}}'
            return type(answer)(400, answer.headers, body.encode())
        return answer

    return kintone.wrap(wrapper)


@pytest.mark.parametrize("code", ["GAIA_IL26", "GAIA_IL27", "GAIA_IL28", "GAIA_IL42"])
def test_an_unknown_user_in_a_query_is_a_query_error_that_names_field_and_value(kintone, code):
    found = Order.objects.filter(number="1", staff__in=["ghost"])
    said = r'Order \(app \d+\): .*The filter compares Order\.staff with \("ghost"\)\.'
    for read in (list, lambda each: each.count(), lambda each: each.exists()):
        with (
            refuse(kintone, code, "ユーザー（code：ghost）"),
            pytest.raises(QueryError, match=said),
        ):
            read(found)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"staff__in": ["ghost"]}, r"compares Order\.staff with \(\"ghost\"\)"),
        ({"lines__guard__in": ["ghost"]}, r"compares Order\.lines\.guard with \(\"ghost\"\)"),
        ({"team__in": ["ghost"]}, r"compares Order\.team with \(\"ghost\"\)"),
    ],
)
def test_so_does_the_emulator_for_users_and_groups_in_rows_as_well(kintone, condition, said):
    with pytest.raises(QueryError, match=said):
        list(Order.objects.filter(**condition).order_by("number"))


@pytest.mark.parametrize("read", [list, len, lambda each: each.count(), lambda each: each.first()])
def test_a_read_names_the_model_and_the_app(kintone, read):
    kintone.emulator.faults.add(Fault.DATABASE_LOCKED, method="GET")
    with pytest.raises(ServerBusy, match=rf"^Order \(app {kintone.apps['order']}\): "):
        read(Order.objects.all())


def test_a_read_that_is_lost_names_them_too(kintone):
    kintone.emulator.faults.add(Fault.LOST_ANSWER, method="GET")
    with pytest.raises(APIError, match=r"^Order \(app \d+\): "):
        list(Order.objects.all())


def test_a_look_at_the_form_names_them_too(kintone):
    kintone.forms.clear()
    kintone.emulator.faults.add(Fault.DATABASE_LOCKED, method="GET", endpoint="app/form/fields")
    with pytest.raises(ServerBusy, match=r"^Order \(app \d+\): "):
        Order.objects.create(number="1")
