from __future__ import annotations

from base64 import b64decode

import pytest

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.auth import Credentials
from kintone_orm.http.renewable_token import RenewableToken
from kintone_orm.http.secrets import Secret

TWELVE = Credentials(api_tokens=tuple((str(app), f"t{app}") for app in range(1, 13)))


def tokens(credentials: Credentials, *apps: str) -> list[str]:
    return credentials.headers(apps)["X-Cybozu-API-Token"].split(",")


def test_a_password_is_sent_as_base64_of_utf_8() -> None:
    headers = Credentials(password=("佐藤", "p:w")).headers(())
    assert b64decode(headers["X-Cybozu-Authorization"]).decode() == "佐藤:p:w"


def test_oauth_is_a_bearer_token() -> None:
    assert Credentials(oauth_token="o").headers(()) == {"Authorization": "Bearer o"}


def test_basic_authentication_comes_on_top() -> None:
    headers = Credentials(api_tokens=(("", "t"),), basic=("user", "pass")).headers(())
    assert headers == {"X-Cybozu-API-Token": "t", "Authorization": "Basic dXNlcjpwYXNz"}


def test_a_password_goes_without_tokens() -> None:
    headers = Credentials(password=("u", "p"), api_tokens=(("", "t"),)).headers(())
    assert set(headers) == {"X-Cybozu-Authorization"}


def test_what_is_sent_is_known_to_be_a_token_or_not() -> None:
    assert TWELVE.by_token
    assert not Credentials(password=("a", "b"), api_tokens=TWELVE.api_tokens).by_token
    assert not Credentials(oauth_token="o").by_token


def test_by_oauth_is_only_a_token_that_is_sent() -> None:
    assert Credentials(oauth_token="o").by_oauth
    assert not Credentials(password=("a", "b"), oauth_token="o").by_oauth
    assert not Credentials(api_tokens=TWELVE.api_tokens, oauth_token="o").by_oauth
    assert not Credentials(api_tokens=TWELVE.api_tokens).by_oauth


def test_nine_tokens_go_at_most() -> None:
    assert tokens(TWELVE) == [f"t{app}" for app in range(1, 10)]


def test_the_tokens_of_the_apps_that_are_touched_go_first() -> None:
    assert tokens(TWELVE, "12", "3")[:3] == ["t3", "t12", "t1"]


def test_more_apps_than_tokens_in_a_request_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="needs 10 API tokens"):
        TWELVE.headers([str(app) for app in range(1, 11)])


def test_a_token_that_is_given_twice_goes_once() -> None:
    assert tokens(Credentials(api_tokens=(("1", "t"), ("", "t")))) == ["t"]


@pytest.mark.parametrize(
    "credentials",
    [
        Credentials(password=("u", Secret("p")), basic=("u", Secret("p"))),
        Credentials(api_tokens=(("", Secret("a")), ("", Secret("b")))),
        Credentials(oauth_token=Secret("o")),
    ],
)
def test_every_header_is_a_secret(credentials: Credentials) -> None:
    assert {type(header) for header in credentials.headers(()).values()} == {Secret}


def test_the_repr_names_the_kinds_only() -> None:
    credentials = Credentials(api_tokens=(("1", "hush"),), basic=("u", "hush"))
    assert repr(credentials) == "<Credentials: API token, Basic authentication>"


def test_a_token_from_a_function_is_renewed_by_the_headers_that_were_refused() -> None:
    tokens = iter([Secret("t1"), Secret("t2")])
    credentials = Credentials(oauth_token=RenewableToken(lambda: next(tokens)))
    refused = credentials.headers(())
    assert refused == {"Authorization": "Bearer t1"}
    assert credentials.by_oauth
    assert credentials.renew(refused)
    assert credentials.headers(()) == {"Authorization": "Bearer t2"}
    assert "t2" not in repr(list(credentials.headers(()).values()))


@pytest.mark.parametrize(
    "credentials",
    [
        Credentials(oauth_token=Secret("o")),
        Credentials(password=("a", Secret("b"))),
        Credentials(api_tokens=TWELVE.api_tokens),
    ],
)
def test_other_logins_cannot_be_renewed(credentials: Credentials) -> None:
    assert not credentials.renew(credentials.headers(()))
