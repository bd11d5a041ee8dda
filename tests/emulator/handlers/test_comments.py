"""record/comments.json and record/comment.json."""

from __future__ import annotations

import pytest
from support.plain_kintone import password


@pytest.fixture
def app(kintone):
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})
    kintone.add(app, name="a")
    return app


@pytest.fixture
def post(app):
    """Post a comment on the first record and return its id."""

    def send(caller, text="hello", **comment):
        body = {"app": app, "record": 1, "comment": {"text": text, **comment}}
        return int(caller.ok("POST", "record/comment.json", body)["id"])

    return send


def page(caller, app, **parameters):
    return caller.ok("GET", "record/comments.json", {"app": app, "record": 1, **parameters})


def ids(caller, app, **parameters):
    return [int(comment["id"]) for comment in page(caller, app, **parameters)["comments"]]


def test_a_record_without_comments_gives_an_empty_page(kintone, app):
    for parameters in ({}, {"offset": 3}, {"order": "asc", "offset": 3}):
        assert page(kintone, app, **parameters) == {"comments": [], "older": False, "newer": False}


def test_a_comment_is_read_with_its_seconds_and_a_blank_at_its_end(kintone, app, post):
    assert post(kintone) == 1
    assert page(kintone, app)["comments"] == [
        {
            "id": "1",
            "text": "hello ",
            "createdAt": "2024-02-06T12:59:07Z",
            "creator": {"code": "sato", "name": "sato"},
            "mentions": [],
        }
    ]


def test_the_names_of_those_mentioned_come_first_on_a_line_of_their_own(
    kintone, emulator, app, post
):
    emulator.add_user("kato", "other", name="Kato")
    emulator.add_user("guest/mori@example.com", "other", name="Mori")
    emulator.add_organization("dev", name="Developers")
    emulator.add_group("g", name="Gardeners")
    mentions = [
        {"code": "kato", "type": "USER"},
        {"code": "guest/mori@example.com", "type": "USER"},
        {"code": "dev", "type": "ORGANIZATION"},
        {"code": "g", "type": "GROUP"},
    ]
    post(kintone, "please look", mentions=mentions)
    (comment,) = page(kintone, app)["comments"]
    assert comment["text"] == "Kato Mori Developers Gardeners \nplease look "
    assert comment["mentions"] == mentions


def test_an_unknown_user_cannot_be_mentioned(kintone, app):
    comment = {"text": "x", "mentions": [{"code": "nobody", "type": "USER"}]}
    body = {"app": app, "record": 1, "comment": comment}
    assert kintone.error("POST", "record/comment.json", body)[:2] == (400, "GAIA_IL26")


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ({}, {"comment.text": ["Required field."]}),
        ({"text": ""}, {"comment.text": ["Required field."]}),
        ({"text": "x" * 65_536}, {"comment.text": ["size must be between 1 and 65535"]}),
        (
            {"text": "x", "mentions": [{"code": "kato", "type": "USER"}] * 11},
            {"comment.mentions": ["size must be between 0 and 10"]},
        ),
        (
            {"text": "x", "mentions": [{"code": "kato", "type": "ROBOT"}]},
            {"comment.mentions[0].type": ["must be one of the enum value"]},
        ),
        (
            {"text": "x", "mentions": [{"type": "USER"}]},
            {"comment.mentions[0].code": ["Required field."]},
        ),
        (
            {"text": "x", "mentions": [{"code": "nope", "type": "GROUP"}]},
            {
                "comment.mentions[0].code": [
                    "The specified organization or group (code：nope) not found."
                ]
            },
        ),
    ],
)
def test_a_wrong_comment_is_refused_with_its_place(kintone, app, comment, expected):
    body = {"app": app, "record": 1, "comment": comment}
    assert kintone.messages("POST", "record/comment.json", body) == expected


def test_the_longest_text_and_ten_mentions_are_fine(kintone, app, post):
    post(kintone, "x" * 65_535, mentions=[{"code": "kato", "type": "USER"}] * 10)
    assert len(page(kintone, app)["comments"][0]["mentions"]) == 10


def test_no_comment_is_a_missing_parameter(kintone, app):
    body = {"app": app, "record": 1}
    assert kintone.messages("POST", "record/comment.json", body) == {"comment": ["Required field."]}


@pytest.mark.parametrize("comment", [None, "x", {"text": ["x"]}])
def test_a_comment_of_another_type_is_invalid_json(kintone, app, comment):
    body = {"app": app, "record": 1, "comment": comment}
    assert kintone.error("POST", "record/comment.json", body)[:2] == (400, "CB_IJ01")


@pytest.mark.parametrize(
    ("parameters", "numbers", "older", "newer"),
    [
        ({}, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3], True, False),
        ({"order": "desc", "offset": 5, "limit": 2}, [7, 6], True, True),
        ({"offset": 10}, [2, 1], False, True),
        ({"offset": 2}, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], False, True),
        ({"offset": 12}, [], False, True),
        ({"order": "asc", "limit": 3}, [1, 2, 3], False, True),
        ({"order": "asc", "offset": 3, "limit": 3}, [4, 5, 6], True, True),
        ({"order": "asc", "offset": 10}, [11, 12], True, False),
        ({"order": "asc", "offset": 99}, [], True, False),
    ],
)
def test_pages_in_both_orders(kintone, app, post, parameters, numbers, older, newer):
    for _ in range(12):
        post(kintone)
    answer = page(kintone, app, **parameters)
    assert [int(comment["id"]) for comment in answer["comments"]] == numbers
    assert (answer["older"], answer["newer"]) == (older, newer)


def test_a_page_may_be_of_no_comments(kintone, app, post):
    """kintone REST API, "Get Comments", 2025: limit is 0 to 10."""
    post(kintone)
    answer = page(kintone, app, limit=0)
    assert (answer["comments"], answer["older"]) == ([], True)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"order": "DESC"}, "must be one of the enum value"),
        ({"offset": -1}, "must be greater than or equal to 0"),
        ({"limit": 11}, "must be less than or equal to 10"),
        ({"limit": -1}, "must be greater than or equal to 0"),
    ],
)
def test_a_page_beyond_the_limits_is_refused(kintone, app, parameters, message):
    body = {"app": app, "record": 1, **parameters}
    (name,) = parameters
    assert kintone.messages("GET", "record/comments.json", body) == {name: [message]}


def test_comments_are_counted_in_each_record_and_never_numbered_again(kintone, app, post):
    kintone.add(app)
    assert post(kintone) == 1
    kintone.ok("DELETE", "record/comment.json", {"app": app, "record": 1, "comment": 1})
    assert post(kintone) == 2
    body = {"app": app, "record": 2, "comment": {"text": "x"}}
    assert kintone.ok("POST", "record/comment.json", body) == {"id": "1"}
    assert ids(kintone, app) == [2]


def test_a_comment_does_not_change_its_record(kintone, app, post):
    before = kintone.read(app, 1)
    post(kintone)
    assert kintone.read(app, 1) == before


def test_only_ones_own_comment_can_be_deleted(kintone, caller, app, post):
    post(kintone)
    body = {"app": app, "record": 1, "comment": 1}
    other = caller(**password("kato", "other"))
    assert other.error("DELETE", "record/comment.json", body) == (
        403,
        "GAIA_RE03",
        "Cannot delete the comment (ID: 1). The comment was posted by someone other than you.",
    )
    assert kintone.ok("DELETE", "record/comment.json", body) == {}
    assert ids(kintone, app) == []


def test_an_unknown_comment_is_400(kintone, app):
    body = {"app": app, "record": 1, "comment": 5}
    assert kintone.error("DELETE", "record/comment.json", body)[:2] == (400, "GAIA_RE02")


def test_a_token_comments_as_the_administrator(kintone, emulator, caller, app, post):
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app))
    post(token)
    administrator = {"code": "Administrator", "name": "Administrator"}
    assert page(kintone, app)["comments"][0]["creator"] == administrator
    body = {"app": app, "record": 1, "comment": 1}
    assert kintone.error("DELETE", "record/comment.json", body)[1] == "GAIA_RE03"
    assert token.ok("DELETE", "record/comment.json", body) == {}


def test_a_token_must_be_allowed_to_view(emulator, caller, app):
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=["edit"]))
    body = {"app": app, "record": 1}
    assert token.error("GET", "record/comments.json", body)[:2] == (403, "GAIA_NO01")


REQUESTS = [
    ("GET", "record/comments.json", {}),
    ("POST", "record/comment.json", {"comment": {"text": "x"}}),
    ("DELETE", "record/comment.json", {"comment": 1}),
]


@pytest.mark.parametrize(("method", "path", "rest"), REQUESTS)
def test_a_record_that_does_not_exist_has_no_comments(kintone, app, method, path, rest):
    body = {"app": app, "record": 9, **rest}
    assert kintone.error(method, path, body)[:2] == (404, "GAIA_RE01")


@pytest.mark.parametrize(("method", "path", "rest"), REQUESTS)
def test_an_app_can_switch_comments_off(kintone, app, post, method, path, rest):
    post(kintone)
    kintone.ok("PUT", "preview/app/settings.json", {"app": app, "enableComments": False})
    kintone.deploy(app)
    body = {"app": app, "record": 1, **rest}
    assert kintone.error(method, path, body) == (400, "GAIA_RE12", "Comment feature is disabled.")


def test_comments_go_with_their_record(kintone, emulator, app, post):
    post(kintone)
    kintone.ok("DELETE", "records.json", {"app": app, "ids": [1]})
    assert emulator._domain.store.comments(app, 1) == []
