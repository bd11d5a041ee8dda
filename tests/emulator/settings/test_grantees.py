from __future__ import annotations

import pytest

from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.ground.problems import Problems
from kintone_orm.emulator.settings.grantees import complete_grantees, includes, people
from kintone_orm.emulator.store.people import Directory, User

FIELDS = {"who": {"type": "USER_SELECT"}, "n": {"type": "NUMBER"}}
RECORD = {
    "who": {"type": "USER_SELECT", "value": [{"code": "kato", "name": "Kato"}]},
    "creator": {"type": "CREATOR", "value": {"code": "sato", "name": "Sato"}},
    "nobody": {"type": "USER_SELECT", "value": []},
}


@pytest.fixture
def directory():
    directory = Directory()
    directory.organizations.update(japan="Japan", tokyo="Tokyo")
    directory.parents["tokyo"] = "japan"
    for code in ("sato", "kato"):
        directory.users[code] = User(code, code.title(), "x", organizations=frozenset({"tokyo"}))
    return directory


def grantee(kind, code=None, *, subs=False):
    return {"entity": {"type": kind, "code": code}, "includeSubs": subs}


@pytest.mark.parametrize(
    ("named", "codes"),
    [
        (grantee("USER", "sato"), ["sato"]),
        (grantee("FIELD_ENTITY", "who"), ["kato"]),
        (grantee("FIELD_ENTITY", "creator"), ["sato"]),
        (grantee("FIELD_ENTITY", "nobody"), []),
        (grantee("ORGANIZATION", "japan"), []),
        (grantee("ORGANIZATION", "japan", subs=True), ["sato", "kato"]),
    ],
)
def test_a_grantee_stands_for_people(directory, named, codes):
    assert [person["code"] for person in people([named], RECORD, directory)] == codes
    for user in directory.users.values():
        assert includes(named, user, RECORD, directory) is (user.code in codes)


def test_without_a_record_no_field_means_anybody(directory):
    named = grantee("FIELD_ENTITY", "who")
    assert not includes(named, directory.users["kato"], None, directory)


def test_everybody_is_named_once(directory):
    twice = [grantee("USER", "sato"), grantee("ORGANIZATION", "tokyo")]
    assert [person["code"] for person in people(twice, RECORD, directory)] == ["sato", "kato"]


def completed(directory, *grantees):
    problems = Problems()
    complete_grantees(grantees, "rights", problems, directory=directory, properties=FIELDS)
    problems.check()
    return grantees


def test_only_organizations_and_fields_have_parts(directory):
    user, field = completed(
        directory, grantee("USER", "sato", subs=True), grantee("FIELD_ENTITY", "who", subs=True)
    )
    assert (user["includeSubs"], field["includeSubs"]) == (False, True)


@pytest.mark.parametrize(
    ("named", "code"),
    [
        (grantee("USER", "nobody"), "GAIA_IL26"),
        (grantee("FIELD_ENTITY", "n"), "GAIA_FC01"),
        (grantee("GROUP", "nobody"), "CB_VA01"),
        (grantee("USER"), "CB_VA01"),
    ],
)
def test_somebody_who_is_not_known_is_refused(directory, named, code):
    with pytest.raises(KintoneError) as refused:
        completed(directory, named)
    assert refused.value.code == code
