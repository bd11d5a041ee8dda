from __future__ import annotations

import pytest
from support.domain_files import app, shop
from support.token_connection import connect_by_token

from kintone_orm.cli.inspecting.choosing_apps import choose_apps
from kintone_orm.exceptions import APIError, ImproperlyConfigured
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def kintone():
    with emulate(domain=shop()) as connection:
        yield connection


@pytest.fixture
def token(kintone):
    return connect_by_token(kintone, 12, "view")


def with_a_guest_space():
    file = {**app(space="shared"), "spaces": {"shared": {"guest": True}}}
    file["apps"]["other"] = {"space": "shared", "form": {"properties": {}}}
    file["apps"]["plain"] = {"form": {"properties": {}}}
    return file


def choose(connection, *texts, name=None, space=None):
    apps, remarks = choose_apps(connection, texts, name=name, space=space)
    return [app.id for app in apps], remarks


def test_digits_are_an_id_and_other_texts_are_keys_or_app_codes(kintone):
    assert choose(kintone, "1", "ORD") == ([1, 12], [])


def test_without_a_choice_they_are_all_apps(kintone):
    with assert_requests(1 + 3 + 3, using=kintone):
        assert choose(kintone) == ([1, 12], [])


def test_apps_of_a_name_follow_those_that_are_named(kintone):
    with assert_requests(4 + 1 + 3, using=kintone):
        assert choose(kintone, "12", name="custom") == ([12, 1], [])


def test_a_name_that_no_app_has_is_a_remark_beside_other_apps(kintone):
    remark = "The connection may see no app with 'costum' in its name."
    assert choose(kintone, "12", name="costum") == ([12], [remark])


def test_an_app_that_is_named_and_listed_is_read_once(kintone):
    with assert_requests(4 + 1, using=kintone):
        assert choose(kintone, "1", name="custom") == ([1], [])


@pytest.mark.parametrize(
    ("choice", "subject"),
    [({}, "A command without an app"), ({"name": "x"}, "--name"), ({"space": 1}, "--space")],
)
def test_api_tokens_cannot_list_apps(token, choice, subject):
    with (
        assert_requests(0, using=token),
        pytest.raises(ImproperlyConfigured, match=f"^{subject} needs the list .* Give the ids"),
    ):
        choose(token, **choice)


def test_an_app_with_a_token_is_chosen_by_its_id(token):
    assert choose(token, "12") == ([12], [])


@pytest.mark.parametrize(
    ("choice", "problem"),
    [
        ({"name": "顧客"}, "no app with '顧客' in its name."),
        ({"space": 5}, "no app in the space 5."),
    ],
)
def test_a_name_or_a_space_without_an_app_is_an_error(kintone, choice, problem):
    with pytest.raises(ImproperlyConfigured, match=problem):
        choose(kintone, **choice)


def test_apps_of_a_guest_space_are_left_out_with_remarks():
    with emulate(domain=with_a_guest_space()) as kintone, assert_requests(5, using=kintone):
        found, remarks = choose(kintone)
    assert found == [3]
    assert remarks == [
        f"The app {name!r} ({number}) is left out: it is in a guest space. Use --guest-space 1 for "
        "the apps of this space."
        for number, name in enumerate(["orders", "other"], 1)
    ]


def test_a_guest_space_alone_is_an_error_with_the_option():
    with (
        emulate(domain=with_a_guest_space()) as kintone,
        pytest.raises(ImproperlyConfigured, match="--guest-space 1"),
    ):
        choose(kintone, space=1)


def test_an_app_of_a_guest_space_is_an_error_with_the_option():
    with (
        emulate(domain=with_a_guest_space()) as kintone,
        pytest.raises(APIError, match="^App 1: .* --guest-space"),
    ):
        choose(kintone, "1")


def test_a_part_that_may_not_be_read_is_a_remark(kintone):
    found, remarks = choose(connect_by_token(kintone, 12, "add"), "12")
    assert found == [12]
    assert len(remarks) == 1
    assert remarks[0].startswith("App 12: its app code cannot be read. ")
