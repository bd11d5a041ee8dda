"""Spaces: their apps, the paths of guest spaces, and access to them."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from support.plain_kintone import Kintone, cells, described, password

import kintone_orm.emulator
from kintone_orm.emulator import Emulator, Space

HOST = "https://example.cybozu.com"
DENIED = (403, "CB_NO02")


class InSpace(Kintone):
    """A caller on a guest space's path."""

    def __init__(self, emulator, headers, space):
        super().__init__(emulator, headers)
        self.base = f"{HOST}/k/guest/{space}/v1/"

    def send(self, method, path, body=None, **options):
        return self.session.request(method, self.base + path, json=body, **options)


@pytest.fixture
def space(emulator):
    return emulator.add_guest_space()


@pytest.fixture
def inside(emulator, space):
    """The first user, on the space's path."""
    return InSpace(emulator, password("sato", "secret"), space.id)


@pytest.fixture
def app(inside, space):
    """An app with one record, in the space."""
    return made_in(inside, space)


@pytest.fixture
def guest(emulator, space):
    code = emulator.add_guest("mori@example.com", "hello", spaces=[space.id])
    return InSpace(emulator, password(code, "hello"), space.id)


def made_in(inside, space):
    body = {"name": "Shared", "space": space.id, "thread": space.thread}
    app = int(inside.ok("POST", "preview/app.json", body)["app"])
    properties = described({"name": {"type": "SINGLE_LINE_TEXT", "unique": True}})
    body = {"app": app, "properties": properties}
    inside.ok("POST", "preview/app/form/fields.json", body)
    assert inside.deploy(app) == "SUCCESS"
    inside.add(app, name="a")
    return app


def test_an_app_is_used_on_its_spaces_path(inside, app):
    assert inside.find(app) == [1]
    assert inside.put(app, 1, name="b") == 2
    cursor = inside.ok("POST", "records/cursor.json", {"app": app})
    page = inside.ok("GET", "records/cursor.json", {"id": cursor["id"]})
    assert [record["name"]["value"] for record in page["records"]] == ["b"]


@pytest.mark.parametrize(
    ("method", "path", "rest"),
    [
        ("GET", "record.json", {"id": 1}),
        ("POST", "records.json", {"records": []}),
        ("GET", "app/form/fields.json", {}),
        ("GET", "preview/app/settings.json", {}),
        ("GET", "record/comments.json", {"record": 1}),
    ],
)
def test_the_normal_path_is_refused(kintone, app, method, path, rest):
    assert kintone.error(method, path, {"app": app, **rest}) == (
        400,
        "GAIA_IL23",
        (
            "When you operate an app in a guest space, "
            "please send the request to '/k/guest/(guest space ID)/v1/...'."
        ),
    )


def test_a_space_does_not_reach_apps_outside(kintone, inside):
    outside = kintone.new_app({})
    for path in ("records.json", "preview/app/settings.json"):
        assert inside.error("GET", path, {"app": outside})[:2] == DENIED


def test_a_space_does_not_reach_the_apps_of_another(emulator, inside, app):
    other = emulator.add_guest_space()
    elsewhere = InSpace(emulator, password("sato", "secret"), other.id)
    assert elsewhere.error("GET", "records.json", {"app": app})[:2] == DENIED


def test_a_space_that_does_not_exist_is_not_found(emulator, kintone):
    nowhere = InSpace(emulator, password("sato", "secret"), 99)
    error = nowhere.error("GET", "apps.json")
    assert error == (404, "OC_NO01", "The space (id: 99) could not be found, or no longer exists.")


def test_the_answer_about_an_app_has_its_space(inside, space, app):
    answer = inside.ok("GET", "app.json", {"id": app})
    assert (answer["spaceId"], answer["threadId"]) == (str(space.id), str(space.thread))


def test_apps_are_listed_on_the_normal_path_with_their_space(kintone, inside, space, app):
    outside = kintone.new_app({})

    def listed(caller, **parameters):
        apps = caller.ok("GET", "apps.json", parameters)["apps"]
        return [(int(entry["appId"]), entry["spaceId"]) for entry in apps]

    assert listed(kintone) == [(app, str(space.id)), (outside, None)]
    assert listed(kintone, spaceIds=[space.id]) == [(app, str(space.id))]
    assert listed(kintone, spaceIds=[99]) == []
    assert listed(inside) == [(app, str(space.id))]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({}, {"space": ["Space parameter is required to create an app in space."]}),
        ({"thread": 1}, {"space": ["Space parameter is required to create an app in space."]}),
        ({"space": 1}, {"thread": ["Thread parameter is required to create an app in space."]}),
    ],
)
def test_an_app_is_made_with_a_space_and_a_thread(inside, place, expected):
    assert inside.messages("POST", "preview/app.json", {"name": "x", **place}) == expected


def test_an_app_is_made_on_the_path_of_its_space(emulator, kintone, inside, space):
    body = {"name": "x", "space": space.id, "thread": space.thread}
    assert kintone.error("POST", "preview/app.json", body)[1] == "GAIA_IL23"
    other = emulator.add_guest_space()
    elsewhere = {"name": "x", "space": other.id, "thread": other.thread}
    assert inside.error("POST", "preview/app.json", elsewhere)[:2] == DENIED
    wrong_thread = {**body, "thread": other.thread}
    assert inside.error("POST", "preview/app.json", wrong_thread)[:2] == (404, "OC_NO02")


def bulk(caller, prefix, app):
    payload = {"app": app, "record": cells({"name": "bulk"})}
    request = {"method": "POST", "api": f"{prefix}/v1/record.json", "payload": payload}
    return caller.send("POST", "bulkRequest.json", {"requests": [request]})


def test_a_bulk_request_stays_in_its_space(kintone, inside, space, app):
    path = f"/k/guest/{space.id}"
    assert bulk(inside, path, app).json() == {"results": [{"id": "2", "revision": "1"}]}
    outside = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})
    for answer in (bulk(inside, "/k", outside), bulk(kintone, path, app)):
        assert answer.json()["errors"] == {
            "requests[0].api": {
                "messages": [
                    "All paths in a bulk request must be in the guest space of its own path."
                ]
            }
        }
    assert bulk(inside, path, outside).json()["results"][0]["code"] == "CB_NO02"


def test_a_token_works_on_the_spaces_path(emulator, space, app):
    token = {"X-Cybozu-API-Token": emulator.add_api_token(app)}
    assert InSpace(emulator, token, space.id).find(app) == [1]
    assert Kintone(emulator, token).error("GET", "records.json", {"app": app})[1] == "GAIA_IL23"


def test_a_guest_enters_its_spaces_only(emulator, guest, space, app):
    assert guest.find(app) == [1]
    guest.put(app, 1, name="c")
    modifier = guest.read(app, 1)["Updated_by"]
    assert modifier == {"code": "guest/mori@example.com", "name": "mori@example.com"}
    headers = password("guest/mori@example.com", "hello")
    other = emulator.add_guest_space()
    for caller in (Kintone(emulator, headers), InSpace(emulator, headers, other.id)):
        assert caller.error("GET", "apps.json")[:2] == DENIED


def test_a_guest_cannot_look_up_records_outside_the_space(kintone, inside, space, guest):
    source = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT", "unique": True}})
    kintone.add(source, name="a")
    app = made_in(inside, space)
    lookup = {"relatedApp": {"app": source}, "relatedKeyField": "name", "fieldMappings": []}
    properties = described({"key": {"type": "SINGLE_LINE_TEXT", "lookup": lookup}})
    inside.ok("POST", "preview/app/form/fields.json", {"app": app, "properties": properties})
    inside.deploy(app)
    body = {"app": app, "record": cells({"key": "a"})}
    assert guest.error("POST", "record.json", body)[1] == "GAIA_LO04"
    inside.ok("POST", "record.json", body)


def test_guests_can_be_given_rights(inside, guest, app):
    rights = [
        {"entity": {"type": "USER", "code": "sato"}, "appEditable": True, "recordViewable": True},
        {"entity": {"type": "USER", "code": "guest/mori@example.com"}, "recordViewable": True},
    ]
    inside.ok("PUT", "app/acl.json", {"app": app, "rights": rights})
    assert guest.find(app) == [1]
    assert guest.error("PUT", "record.json", {"app": app, "id": 1})[:2] == DENIED


def test_spaces_are_kept_with_the_data(tmp_path):
    file = tmp_path / "kintone.db"
    first = Emulator(data=file, users={"sato": "secret"})
    space = first.add_guest_space()
    app = made_in(InSpace(first, password("sato", "secret"), space.id), space)
    first.close()
    again = Emulator(data=file, users={"sato": "secret"})
    assert InSpace(again, password("sato", "secret"), space.id).find(app) == [1]
    assert again.add_guest_space().id == space.id + 1
    again.close()


# Ordinary spaces


def test_an_app_of_an_ordinary_space_is_on_the_normal_path(emulator, kintone):
    space = emulator.add_space("Sales")
    body = {"name": "Orders", "space": space.id, "thread": space.thread}
    app = int(kintone.ok("POST", "preview/app.json", body)["app"])
    kintone.deploy(app)
    kintone.add(app)
    answer = kintone.ok("GET", "app.json", {"id": app})
    assert (answer["spaceId"], answer["threadId"]) == (str(space.id), str(space.thread))
    assert kintone.ok("GET", "apps.json", {"spaceIds": [space.id]})["apps"] == [answer]


def test_an_ordinary_space_has_no_path_of_its_own(emulator, kintone):
    space = emulator.add_space()
    wrong = InSpace(emulator, password("sato", "secret"), space.id)
    assert wrong.error("GET", "apps.json")[1] == "OC_NO01"


def test_a_space_has_the_values_that_a_client_needs_to_make_an_app(emulator, kintone):
    space = emulator.add_space("Sales", id=7)
    body = {"name": "Orders", "space": 7, "thread": space.thread}
    app = kintone.ok("POST", "preview/app.json", body)["app"]
    kintone.deploy(app)
    answer = kintone.ok("GET", "space.json", {"id": 7})
    keys = ("id", "name", "defaultThread", "isGuest", "isPrivate", "memberCount")
    assert [answer[name] for name in keys] == ["7", "Sales", str(space.thread), False, False, "2"]
    assert [(entry["appId"], entry["name"]) for entry in answer["attachedApps"]] == [
        (app, "Orders")
    ]


def test_a_guest_space_is_read_on_its_own_path(kintone, inside, space, app):
    answer = inside.ok("GET", "space.json", {"id": space.id})
    assert (answer["isGuest"], answer["isPrivate"]) == (True, True)
    assert [entry["appId"] for entry in answer["attachedApps"]] == [str(app)]
    assert kintone.error("GET", "space.json", {"id": space.id})[1] == "GAIA_IL23"


def test_an_unknown_space_is_not_found(kintone):
    assert kintone.error("GET", "space.json", {"id": 99})[:2] == (404, "OC_NO01")


def test_a_token_cannot_read_spaces(emulator, inside, space, app):
    token = {"X-Cybozu-API-Token": emulator.add_api_token(app)}
    error = InSpace(emulator, token, space.id).error("GET", "space.json", {"id": space.id})
    assert error[:2] == (403, "GAIA_NO01")


def test_the_id_of_a_space_can_be_chosen_once(emulator):
    assert emulator.add_space(id=7).id == 7
    with pytest.raises(ValueError, match="There is already a space 7"):
        emulator.add_guest_space(id=7)
    assert emulator.add_guest_space().id == 8


def test_guest_spaces_of_an_earlier_file_are_still_there(tmp_path):
    file = tmp_path / "kintone.db"
    with closing(sqlite3.connect(file)) as old, old:
        old.execute("CREATE TABLE guest_spaces (id INTEGER PRIMARY KEY, thread INTEGER NOT NULL)")
        old.execute("INSERT INTO guest_spaces VALUES (3, 5)")
    with closing(Emulator(file, users={"sato": "secret"})) as emulator:
        inside = InSpace(emulator, password("sato", "secret"), 3)
        assert inside.ok("GET", "space.json", {"id": 3})["defaultThread"] == "5"


def test_the_old_name_of_spaces_is_good_for_a_release():
    with pytest.warns(DeprecationWarning, match="GuestSpace is called Space now"):
        from kintone_orm.emulator import GuestSpace
    assert GuestSpace(3, 4) == Space(3, 4)
    with pytest.raises(AttributeError, match="has no attribute 'GustSpace'"):
        getattr(kintone_orm.emulator, "GustSpace")  # noqa: B009
