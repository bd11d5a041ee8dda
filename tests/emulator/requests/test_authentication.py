"""Authentication: the documented headers, and the errors without them."""

from __future__ import annotations

import base64

import pytest


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def test_a_request_without_credentials_is_refused(caller):
    assert caller().error("GET", "apps.json") == (401, "CB_AU01", "Please login.")


def test_no_access_token_of_oauth_is_known(kintone, emulator):
    """errors.md 2: measured by CWK in April 2026. A password and an API token take precedence."""
    bearer = {"Authorization": "Bearer abc"}
    refused = (401, "CB_OA01", "Cannot access protected resource.")
    assert type(kintone)(emulator, bearer).error("GET", "apps.json") == refused
    assert kintone.ok("GET", "apps.json", headers=bearer) == {"apps": []}


@pytest.mark.parametrize(
    "header",
    [
        encoded("sato:wrong"),
        encoded("sato:"),
        encoded("nobody:secret"),
        encoded("Administrator:"),
        "sato:secret",
        "***",
        encoded("sato"),
        base64.b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_wrong_password_is_refused(caller, header):
    assert caller(X_Cybozu_Authorization=header).error("GET", "apps.json") == (
        401,
        "CB_WA01",
        (
            "Password authentication failed. "
            "The value in http header of X-Cybozu-Authorization is not valid."
        ),
    )


def test_a_password_may_hold_a_colon_and_any_letter(emulator, caller):
    emulator.add_user("hanako", "秘密:pass")
    hanako = caller(X_Cybozu_Authorization=encoded("hanako:秘密:pass"))
    assert hanako.ok("GET", "apps.json") == {"apps": []}


@pytest.fixture
def app(kintone):
    return kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})


@pytest.mark.parametrize(
    ("method", "path", "right", "parameters"),
    [
        ("GET", "records.json", "view", {}),
        ("GET", "record.json", "view", {"id": 1}),
        ("POST", "records/cursor.json", "view", {}),
        ("POST", "record.json", "add", {}),
        ("POST", "records.json", "add", {"records": []}),
        ("PUT", "record.json", "edit", {"id": 1}),
        ("PUT", "records.json", "edit", {"records": []}),
        ("DELETE", "records.json", "delete", {"ids": [1]}),
        ("GET", "preview/app/settings.json", "manage", {}),
        ("POST", "preview/app/form/fields.json", "manage", {"properties": {}}),
    ],
)
def test_a_token_has_its_permissions(
    kintone, emulator, caller, app, method, path, right, parameters
):
    kintone.add(app, name="x")
    parameters = {"app": app, **parameters}
    others = {"view", "add", "edit", "delete", "manage"} - {right}
    weak = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=others))
    strong = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=[right]))
    assert weak.error(method, path, parameters)[:2] == (403, "GAIA_NO01")
    strong.ok(method, path, parameters)


def test_an_upsert_needs_the_right_to_add_besides_the_one_to_edit(emulator, caller, app):
    token = emulator.add_api_token(app, permissions=["edit"])
    body = {"app": app, "upsert": True, "records": []}
    assert caller(X_Cybozu_API_Token=token).error("PUT", "records.json", body)[:2] == (
        403,
        "GAIA_NO01",
    )


def test_an_unknown_token_is_refused(caller, app):
    assert caller(X_Cybozu_API_Token="nonsense").error("GET", "records.json", {"app": app}) == (
        400,
        "GAIA_IA02",
        "The specified API token does not match the API token generated via an app.",
    )


def test_the_token_of_another_app_is_refused(kintone, emulator, caller, app):
    token = emulator.add_api_token(kintone.new_app({}))
    status, code, _ = caller(X_Cybozu_API_Token=token).error("GET", "records.json", {"app": app})
    assert (status, code) == (400, "GAIA_IA02")


def test_nine_tokens_may_go_together_and_ten_may_not(kintone, emulator, caller, app):
    apps = [app, *(kintone.new_app({}) for _ in range(9))]
    tokens = [emulator.add_api_token(number) for number in apps]
    caller(X_Cybozu_API_Token=",".join(tokens[:9])).ok("GET", "records.json", {"app": app})
    refused = caller(X_Cybozu_API_Token=",".join(tokens))
    assert refused.error("GET", "records.json", {"app": app})[0] == 400


def test_tokens_of_several_apps_go_together(kintone, emulator, caller, app):
    other = kintone.new_app({})
    both = f"{emulator.add_api_token(app)}, {emulator.add_api_token(other)}"
    program = caller(X_Cybozu_API_Token=both)
    assert program.find(app) == program.find(other) == []


def test_two_tokens_of_one_app_are_refused(emulator, caller, app):
    """Issue 11, fault 5: the text of GAIA_DA03."""
    both = f"{emulator.add_api_token(app)},{emulator.add_api_token(app)}"
    assert caller(X_Cybozu_API_Token=both).error("GET", "records.json", {"app": app}) == (
        400,
        "GAIA_DA03",
        "You cannot specify a duplicate API token for the same app.",
    )


@pytest.mark.parametrize("right", ["add", "edit", "delete", "manage"])
def test_a_token_that_may_view_can_get_the_app(emulator, caller, app, right):
    """Issue 11, fault 5: app.json needs the right to view."""
    blind = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=[right]))
    assert blind.error("GET", "app.json", {"id": app})[:2] == (403, "GAIA_NO01")
    viewer = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=["view"]))
    assert viewer.ok("GET", "app.json", {"id": app})["appId"] == str(app)


@pytest.mark.parametrize("space", ["999", "9" * 18, "9" * 19, "9" * 5000])
def test_a_token_is_refused_in_an_unknown_guest_space(emulator, caller, app, space):
    """cli-kintone's end-to-end scenarios: 403 CB_NO02, however many digits."""
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app))
    url = f"https://example.cybozu.com/k/guest/{space}/v1/records.json?app={app}"
    answer = token.session.get(url)
    assert (answer.status_code, answer.json()["code"]) == (403, "CB_NO02")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", "apps.json", {}), ("POST", "preview/app.json", {"name": "x"})],
)
def test_some_endpoints_are_closed_to_tokens(emulator, caller, app, method, path, body):
    token = emulator.add_api_token(app, permissions=["manage"])
    assert caller(X_Cybozu_API_Token=token).error(method, path, body) == (
        403,
        "GAIA_NO01",
        "Using this API token, you cannot run the specified API.",
    )


def test_a_password_goes_before_a_token(caller, app):
    both = caller(X_Cybozu_Authorization=encoded("sato:secret"), X_Cybozu_API_Token="nonsense")
    assert both.find(app) == []


def test_a_token_writes_as_administrator(emulator, caller, app):
    token = emulator.add_api_token(app, permissions=["view", "add"])
    program = caller(X_Cybozu_API_Token=token)
    record = program.read(app, program.add(app, name="x"))
    assert record["Created_by"] == {"code": "Administrator", "name": "Administrator"}


def test_secrets_show_in_no_repr(emulator, kintone):
    emulator.add_user("hanako", "hush")
    texts = repr([emulator, vars(emulator), *emulator._domain.directory.users.values()])
    assert "hush" not in texts
