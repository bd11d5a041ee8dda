from __future__ import annotations

import pytest

from kintone_orm.connection.model_names import ModelNames


@pytest.fixture
def names() -> ModelNames:
    names = ModelNames()
    names.add(3, "Order")
    names.add(4, "Customer")
    return names


@pytest.mark.parametrize("app", [3, "3"])
def test_a_request_has_the_model_of_its_app(names: ModelNames, app: object) -> None:
    assert names.of_request("records", {"app": app}, None) == "Order"


def test_a_request_may_name_its_app_besides_its_parameters(names: ModelNames) -> None:
    assert names.of_request("records/cursor", {"id": "0f3c"}, 4) == "Customer"


def test_the_request_for_an_app_names_it_as_its_id(names: ModelNames) -> None:
    assert names.of_request("app", {"id": 4}, None) == "Customer"


@pytest.mark.parametrize("params", [{}, {"app": 9}, {"app": None}, {"id": 3}, {"app": [3]}])
def test_the_name_of_an_unknown_app_is_empty(names: ModelNames, params: dict[str, object]) -> None:
    assert names.of_request("records", params, None) == ""


def test_a_bulk_request_has_the_models_of_all_its_apps(names: ModelNames) -> None:
    requests = [{"payload": {"app": app}} for app in (4, 3, 3, 9)] + [{}]
    assert names.of_request("bulkRequest", {"requests": requests}, None) == "Customer, Order"


def test_a_deploy_has_the_models_of_all_its_apps(names: ModelNames) -> None:
    apps = [{"app": 4}, {"app": 3}]
    assert names.of_request("preview/app/deploy", {"apps": apps}, None) == "Customer, Order"


def test_several_models_of_an_app_are_joined_in_one_order(names: ModelNames) -> None:
    for name in ("LateOrder", "Order", "BigOrder"):
        names.add(3, name)
    assert names.of_request("records", {"app": 3}, None) == "BigOrder, LateOrder, Order"
