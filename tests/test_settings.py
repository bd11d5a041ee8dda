from __future__ import annotations

import copy
import math
import pickle
from functools import partial
from typing import Any

import pytest
from hypothesis import given as arbitrary
from hypothesis import strategies as st

from kintone_orm import settings
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.auth import Credentials
from kintone_orm.http.renewable_token import RenewableToken
from kintone_orm.http.secrets import Secret
from kintone_orm.settings import (
    Settings,
    parse_settings,
    read_environment,
    require_one_login,
    resolve,
    timeouts,
)

URL = "https://example.cybozu.com"
ENVIRONMENT = {
    "KINTONE_BASE_URL": URL,
    "KINTONE_API_TOKEN": "one, two",
    "KINTONE_BASIC_AUTH_USERNAME": "gate",
    "KINTONE_BASIC_AUTH_PASSWORD": "keeper",
    "KINTONE_CLIENT_CERT": "cert.pem",
    "KINTONE_CLIENT_KEY": "key.pem",
    "KINTONE_GUEST_SPACE_ID": "3",
}


def credentials(environ: dict[str, str] | None = None, /, **arguments: Any) -> Credentials:
    return resolve(parse_settings(base_url=URL, **arguments), environ or {}).credentials


def test_everything_can_come_from_the_environment() -> None:
    assert resolve(parse_settings(), ENVIRONMENT) == Settings(
        base_url=URL,
        credentials=Credentials(api_tokens=(("", "one"), ("", "two")), basic=("gate", "keeper")),
        client_cert=("cert.pem", "key.pem"),
        guest_space=3,
    )


def test_what_is_given_goes_before_the_environment() -> None:
    said = parse_settings(
        base_url="https://other.cybozu.com",
        api_token="three",
        basic_auth=("g", "k"),
        client_cert="own.pem",
        guest_space=4,
    )
    assert resolve(said, ENVIRONMENT) == Settings(
        base_url="https://other.cybozu.com",
        credentials=Credentials(api_tokens=(("", "three"),), basic=("g", "k")),
        client_cert="own.pem",
        guest_space=4,
    )


def test_the_environments_secrets_are_for_its_own_host() -> None:
    elsewhere = parse_settings(
        base_url="https://elsewhere.example", username="me", password="secret"
    )
    assert resolve(elsewhere, ENVIRONMENT) == Settings(
        base_url="https://elsewhere.example",
        credentials=Credentials(password=("me", "secret")),
        client_cert=None,
        guest_space=None,
    )
    with pytest.raises(ImproperlyConfigured, match="There are no credentials"):
        resolve(parse_settings(base_url="https://elsewhere.example"), ENVIRONMENT)


def test_an_empty_variable_is_no_variable() -> None:
    assert (
        resolve(parse_settings(), {**ENVIRONMENT, "KINTONE_GUEST_SPACE_ID": " "}).guest_space
        is None
    )


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"USERNAME": "u", "PASSWORD": "p", "API_TOKEN": "t"}, Credentials(password=("u", "p"))),
        ({"API_TOKEN": "t", "OAUTH_TOKEN": "o"}, Credentials(api_tokens=(("", "t"),))),
        ({"OAUTH_TOKEN": "o"}, Credentials(oauth_token="o")),
    ],
)
def test_in_the_environment_a_password_beats_a_token_beats_oauth(
    environ: dict[str, str], expected: Credentials
) -> None:
    assert credentials({f"KINTONE_{name}": text for name, text in environ.items()}) == expected


def test_a_password_of_the_environment_keeps_its_blanks() -> None:
    environ = {"KINTONE_USERNAME": "u", "KINTONE_PASSWORD": " p "}
    assert credentials(environ) == Credentials(password=("u", " p "))


def test_a_token_that_is_given_keeps_out_the_password_of_the_environment() -> None:
    environ = {"KINTONE_USERNAME": "u", "KINTONE_PASSWORD": "p"}
    assert credentials(environ, api_token="t") == Credentials(api_tokens=(("", "t"),))


def test_a_name_that_is_given_goes_with_the_password_of_the_environment() -> None:
    environ = {"KINTONE_USERNAME": "other", "KINTONE_PASSWORD": "p"}
    assert credentials(environ, username="u") == Credentials(password=("u", "p"))


def test_tokens_may_be_told_apart_by_app() -> None:
    tokens = credentials(api_token={"orders": "a", 12: "b"}).api_tokens
    assert tokens == (("orders", "a"), ("12", "b"))


def test_a_sequence_takes_up_to_nine_tokens() -> None:
    assert len(credentials(api_token=[f"t{n}" for n in range(9)]).api_tokens) == 9


def test_ten_tokens_without_their_apps_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"10 tokens.* api_token=\{app: token\}"):
        parse_settings(api_token=[f"t{n}" for n in range(10)])


def test_ten_tokens_with_their_apps_are_fine() -> None:
    assert len(credentials(api_token={n: f"t{n}" for n in range(10)}).api_tokens) == 10


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"api_token": "t", "username": "u", "password": "p"}, "username and password, api_token"),
        ({"api_token": "t", "oauth_token": "o"}, "api_token, oauth_token"),
        ({"oauth_token": "o", "basic_auth": ("u", "p")}, "the same header"),
    ],
)
def test_two_ways_at_once_are_refused(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=named):
        require_one_login(parse_settings(**arguments))


def test_oauth_behind_the_basic_authentication_of_the_environment_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="the same header"):
        credentials(
            {"KINTONE_BASIC_AUTH_USERNAME": "u", "KINTONE_BASIC_AUTH_PASSWORD": "p"},
            oauth_token="o",
        )


def test_without_a_base_url_the_ways_to_give_one_are_listed() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"connect\(.*KINTONE_BASE_URL"):
        resolve(parse_settings(api_token="t"), {})


def test_without_credentials_the_ways_to_give_some_are_listed() -> None:
    ways = "api_token.*password.*oauth_token.*KINTONE_API_TOKEN.*KINTONE_PASSWORD.*KINTONE_OAUTH"
    with pytest.raises(ImproperlyConfigured, match=ways):
        credentials()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"username": "u"}, "password"),
        ({"password": "p"}, "password"),
        ({"username": "", "password": "p"}, "password"),
        ({"username": "a:b", "password": "p"}, "colon"),
        ({"api_token": ""}, "api_token"),
        ({"api_token": []}, "api_token"),
        ({"api_token": {}}, "api_token"),
        ({"api_token": ["a,b"]}, "api_token"),
        ({"api_token": 5}, "api_token"),
        ({"api_token": b"t"}, "api_token"),
        ({"api_token": [None]}, "api_token"),
        ({"api_token": {"orders": None}}, "api_token"),
        ({"api_token": {"orders": ["a", "b"]}}, "api_token"),
        ({"oauth_token": 5}, "oauth_token"),
        ({"oauth_token": "a\r\nX-Evil: 1"}, "oauth_token"),
        ({"api_token": "t", "basic_auth": ("u", None)}, "basic_auth"),
        ({"api_token": "t", "basic_auth": ("a:b", "p")}, "basic_auth"),
        ({"api_token": "t", "guest_space": 0}, "guest_space"),
        ({"api_token": "t", "guest_space": "three"}, "guest_space"),
        *(
            ({"api_token": "t", "guest_space": id_}, "guest_space")
            for id_ in (5.5, True, [], math.inf)
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_name(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=named):
        credentials(**arguments)


@pytest.mark.parametrize(
    "pair", ["user:pw", "", b"u:p", ("u",), ("u", "p", "q"), [], {"u": "p"}, {"u", "p"}, 5, True]
)
def test_basic_authentication_is_a_pair(pair: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"pair, basic_auth=\(user, password\)"):
        parse_settings(basic_auth=pair)


@pytest.mark.parametrize(
    ("value", "kind"),
    [(4711, "an int"), (b"hush", "bytes"), (True, "a bool"), ({"x": 1}, "a dict")],
)
@pytest.mark.parametrize("name", ["username", "password"])
def test_a_login_of_another_type_is_refused_without_being_shown(
    name: str, value: Any, kind: str
) -> None:
    login: dict[str, Any] = {"username": "u", "password": "p", name: value}
    with pytest.raises(ImproperlyConfigured) as refused:
        parse_settings(**login)
    assert str(refused.value) == f"'{name}' must be a text, not {kind}."


@pytest.mark.parametrize("url", [5, True, b"https://x.cybozu.com", ["x"]])
def test_a_base_url_is_a_text(url: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="'base_url' must be a text"):
        parse_settings(base_url=url)


@pytest.mark.parametrize(
    "path", ["", 5, True, [], ("a",), ("a", ""), ("a", 5), ("a", "b", "c"), ["a", "b"]]
)
def test_a_client_certificate_is_a_path_or_a_pair_of_paths(path: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="'client_cert' must be the path of a PEM file"):
        parse_settings(client_cert=path)


@arbitrary(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_token_that_is_refused_is_not_shown(token: str) -> None:
    secret = f"日本{token}"
    with pytest.raises(ImproperlyConfigured) as caught:
        parse_settings(oauth_token=secret)
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    "written",
    [
        "https://example.cybozu.com",
        "https://example.cybozu.com/",
        "https://EXAMPLE.cybozu.com/k/",
        "example.cybozu.com",
        " https://example.cybozu.com\n",
    ],
)
def test_a_base_url_is_brought_into_one_form(written: str) -> None:
    assert parse_settings(base_url=written).base_url == URL


@pytest.mark.parametrize(
    "local", ["http://localhost:8000", "http://127.0.0.1:1", "http://127.1.2.3", "http://[::1]:80"]
)
def test_this_computer_may_be_reached_without_tls(local: str) -> None:
    assert parse_settings(base_url=local).base_url == local


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("http://example.cybozu.com", "unencrypted"),
        ("http://localhost.example.com", "unencrypted"),
        ("http://10.0.0.1", "unencrypted"),
        ("http://128.0.0.1", "unencrypted"),
        ("https://[::1", "valid host or port"),
        ("ftp://example.cybozu.com", "not an https address"),
        ("https://example.cybozu.com/k/guest/3", "guest_space="),
        ("https://example.cybozu.com/?a=b", "more than the scheme and the host"),
        ("https://example.cybozu.com/#top", "more than the scheme and the host"),
        ("https://user:secret@example.cybozu.com", "arguments of their own"),
        ("https://", "no valid host or port"),
        ("https://example.com:port", "no valid host or port"),
        ("https://two words.com", "no valid host or port"),
        ("", "no valid host or port"),
        (f"https://{'a' * 64}.cybozu.com", "no valid host or port"),
        ("https://example..cybozu.com", "no valid host or port"),
        ("https://.cybozu.com", "no valid host or port"),
        ("https://stranger.example\\.cybozu.com", "no valid host or port"),
        ("https://stranger.example^.cybozu.com", "no valid host or port"),
    ],
)
def test_a_base_url_that_is_none_is_refused_with_the_reason(written: str, reason: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=reason):
        parse_settings(base_url=written)


def test_a_password_in_a_base_url_is_not_shown() -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        parse_settings(base_url="https://user:secret@example.cybozu.com")
    assert "secret" not in str(caught.value)


SECRETS = {"password": "hush1", "basic_auth": ("gate", "hush2")}


def test_no_repr_shows_a_secret() -> None:
    said = parse_settings(base_url=URL, username="sato", **SECRETS)
    assert "hush" not in repr(said) + repr(resolve(said, {}))


@pytest.mark.parametrize("arguments", [{"api_token": "hush"}, {"oauth_token": "hush"}])
def test_no_repr_shows_a_token(arguments: dict[str, str]) -> None:
    said = parse_settings(base_url=URL, **arguments)
    assert "hush" not in repr(said) + repr(resolve(said, {}))


def test_the_token_of_a_function_is_checked_and_is_a_secret() -> None:
    token = parse_settings(oauth_token=lambda: " o ").oauth_token
    assert isinstance(token, RenewableToken)
    assert (token.current(), type(token.current())) == ("o", Secret)


@pytest.mark.parametrize("result", [None, 5, b"hush", {"access_token": "hush"}, "", "hu\nsh"])
def test_a_function_that_gives_no_token_is_refused_without_its_result(result: Any) -> None:
    token = parse_settings(oauth_token=lambda: result).oauth_token
    assert isinstance(token, RenewableToken)
    with pytest.raises(ImproperlyConfigured, match="'oauth_token': a token") as refused:
        token.current()
    assert "hu" not in str(refused.value)


def test_every_password_and_token_is_a_secret() -> None:
    settings = parse_settings(
        api_token={"orders": "a"}, password="p", basic_auth=("g", "k"), oauth_token="o"
    )
    assert settings.basic_auth is not None
    secrets = [settings.api_tokens[0][1], settings.password, settings.oauth_token]
    assert {type(secret) for secret in (*secrets, settings.basic_auth[1])} == {Secret}


def test_the_environment_is_read_as_secrets_and_no_other_variable_is() -> None:
    variables = read_environment({"KINTONE_PASSWORD": "hush", "PATH": "/bin", "HOME": "/"})
    assert variables == {"KINTONE_PASSWORD": "hush"}
    assert "hush" not in repr(variables)


def test_the_path_of_a_certificate_is_readable() -> None:
    settings = resolve(parse_settings(), read_environment(ENVIRONMENT))
    assert "'cert.pem', 'key.pem'" in repr(settings)


@pytest.mark.parametrize("login", [("sato", "p\ud800"), ("s\ud800", "p")])
def test_half_a_character_is_refused_and_not_shown(login: tuple[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="half a character") as refused:
        parse_settings(basic_auth=login)
    assert refused.value.__context__ is None


@pytest.mark.parametrize("copied", [pickle.dumps, copy.deepcopy])
def test_settings_cannot_be_pickled(copied: Any) -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        copied(resolve(parse_settings(base_url=URL, username="sato", **SECRETS), {}))


@pytest.mark.parametrize("timeout", [5, 0.5, (5, 60)])
def test_a_time_out_is_for_connecting_and_for_each_wait(timeout):
    assert timeouts(timeout) == (timeout if isinstance(timeout, tuple) else (timeout, timeout))


@pytest.mark.parametrize("timeout", [None, 0, -1, True, "5", float("inf"), float("nan"), (5, None)])
def test_a_request_without_a_time_out_is_refused(timeout):
    with pytest.raises(ImproperlyConfigured, match="'timeout' must be a number of seconds above 0"):
        timeouts(timeout)


@pytest.mark.parametrize("token", ["s3 cret", "s3\tcret", "s3  cret"])
@pytest.mark.parametrize("name", ["api_token", "oauth_token"])
def test_a_token_holds_no_blank(name: str, token: str) -> None:
    with pytest.raises(
        ImproperlyConfigured, match=f"{name}.: a token .* such as a blank"
    ) as refused:
        parse_settings(base_url=URL, **{name: token})
    assert token not in str(refused.value)
    assert parse_settings(
        base_url=URL, **{name: " secret "}
    )  # blanks around it are a typing mistake


def test_each_token_of_several_holds_none() -> None:
    with pytest.raises(ImproperlyConfigured, match="such as a blank"):
        parse_settings(base_url=URL, api_token={5: "a b"})
    assert [token for _, token in parse_settings(base_url=URL, api_token="a, b").api_tokens] == [
        "a",
        "b",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Given", settings.PartialSettings),
        ("given", settings.parse_settings),
        ("require_one_way", settings.require_one_login),
    ],
)
def test_old_names_still_work(old: str, new: object) -> None:
    with pytest.warns(DeprecationWarning, match=f"settings.{old} is deprecated"):
        assert getattr(settings, old) is new


@pytest.mark.parametrize(
    ("function", "old", "argument"),
    [
        (timeouts, "given", 3),
        (require_one_login, "said", parse_settings(username="a", password="b")),
        (partial(resolve, environ=None), "said", parse_settings(base_url=URL, api_token="t")),
    ],
)
def test_old_names_of_arguments_still_work(function: Any, old: str, argument: object) -> None:
    with pytest.warns(DeprecationWarning, match=f"the argument {old!r} is deprecated"):
        function(**{old: argument})
