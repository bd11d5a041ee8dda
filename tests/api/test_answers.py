"""An answer without the parts that its endpoint's document promises is refused."""

from __future__ import annotations

import pytest

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_apps
from kintone_orm.api.comments import get_comments
from kintone_orm.api.cursors import create_cursor
from kintone_orm.api.permissions import (
    get_app_permissions,
    get_field_permissions,
    get_record_permissions,
    update_record_permissions,
)
from kintone_orm.api.records import (
    add_records,
    delete_records,
    get_record,
    get_records,
    update_record,
    update_records,
)
from kintone_orm.api.statistics import get_app_statistics
from kintone_orm.exceptions import TransportError

PAGE = {"records": [{}], "totalCount": "1"}
COMMENT = {
    "id": "1",
    "text": "",
    "createdAt": "2024-02-06T12:00:00Z",
    "creator": {"code": "a", "name": "A"},
    "mentions": [],
}


class Answering:
    """A connection that gives the same answer to every request."""

    def __init__(self, answer):
        self.answer = answer

    def path(self, endpoint):
        return f"/k/v1/{endpoint}.json"

    def request(self, *_args, check, **_options):
        if (problem := check(self.answer)) is not None:
            raise problem
        return self.answer


def answered(answer, function, **arguments):
    return function(checked(Answering(answer)), **arguments)


def test_a_good_answer_comes_as_it_is():
    assert answered(PAGE, get_records, app=1, total_count=True) is PAGE


@pytest.mark.parametrize("answer", [{}, {"records": None}, {"records": [None]}, [], "text", None])
def test_a_page_that_is_no_list_of_records_is_refused(answer):
    with pytest.raises(TransportError, match="not kintone's") as caught:
        answered(answer, get_records, app=1)
    assert (caught.value.method, caught.value.path) == ("GET", "/k/v1/records.json")


def test_a_count_is_required_where_it_was_asked_for():
    assert answered({"records": []}, get_records, app=1) == {"records": []}
    with pytest.raises(TransportError, match="totalCount"):
        answered({"records": []}, get_records, app=1, total_count=True)


@pytest.mark.parametrize("number", ["1", 1, "9007199254740993"])
def test_a_number_may_be_a_text(number):
    answer = {"id": "c", "totalCount": number}
    assert answered(answer, create_cursor, app=1) == answer


@pytest.mark.parametrize("number", ["", "-1", "1.5", "\u0661", -1, True, None, "9" * 20])
def test_something_else_than_a_number_is_refused(number):
    with pytest.raises(TransportError, match="totalCount is not a number"):
        answered({"id": "c", "totalCount": number}, create_cursor, app=1)


@pytest.mark.parametrize("ids", [["1"], ["1", "2", "3"]])
def test_as_many_ids_as_records_are_required(ids):
    answer = {"ids": ids, "revisions": ids}
    with pytest.raises(TransportError, match="entries, not 2"):
        answered(answer, add_records, app=1, records=[{}, {}])


def test_updated_records_are_those_that_were_sent_in_their_order():
    sent = [{"id": 1, "record": {}}, {"id": 2, "record": {}}]
    answer = {"records": [{"id": "2", "revision": "1"}, {"id": "1", "revision": "1"}]}
    with pytest.raises(TransportError, match=r"records\[0\].id is not 1"):
        answered(answer, update_records, app=1, records=sent)


@pytest.mark.parametrize(("revision", "is_accepted"), [("4", False), ("5", True), ("6", True)])
def test_the_new_revision_is_not_before_the_one_that_was_sent(revision, is_accepted):
    sent = {"id": 1, "record": {}, "revision": 5}
    one, many = {"revision": revision}, {"records": [{"id": "1", "revision": revision}]}
    if is_accepted:
        assert answered(one, update_record, app=1, **sent) is one
        assert answered(many, update_records, app=1, records=[sent]) is many
        return
    with pytest.raises(TransportError, match="revision is below 5"):
        answered(one, update_record, app=1, **sent)
    with pytest.raises(TransportError, match=r"records\[0\].revision is below 5"):
        answered(many, update_records, app=1, records=[sent])


@pytest.mark.parametrize("answer", [{"error": "log in"}, {"code": "GAIA_RE01"}, [], None])
def test_the_answer_to_a_deletion_is_an_empty_object(answer):
    assert answered({}, delete_records, app=1, ids=[1]) == {}
    with pytest.raises(TransportError, match="the answer is not an empty object"):
        answered(answer, delete_records, app=1, ids=[1])


def test_the_place_of_the_problem_is_in_the_error():
    answer = {"apps": [{"appId": "1", "name": "a"}, {"appId": "2"}]}
    with pytest.raises(TransportError, match=r"apps\[1\] has no name"):
        answered(answer, get_apps)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"createdAt": "yesterday"}, r"comments\[0\].createdAt is not a time"),
        ({"mentions": [{"code": "a", "type": "ROBOT"}]}, r"mentions\[0\].type is not one of"),
        ({"creator": "a"}, r"creator is not an object"),
    ],
)
def test_a_comment_is_checked_to_its_parts(changed, problem):
    answer = {"comments": [COMMENT | changed], "older": False, "newer": False}
    with pytest.raises(TransportError, match=problem):
        answered(answer, get_comments, app=1, record=1)


def test_more_comments_than_were_asked_for_are_refused():
    answer = {"comments": [COMMENT] * 2, "older": False, "newer": False}
    assert answered(answer, get_comments, app=1, record=1) == answer
    with pytest.raises(TransportError, match="more than 1 comments"):
        answered(answer, get_comments, app=1, record=1, limit=1)


def test_the_content_of_a_record_is_not_checked_here():
    answer = {"record": {"anything": 5}}
    assert answered(answer, get_record, app=1, id=1) == answer


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize(
    ("get", "right", "problem"),
    [
        (get_app_permissions, {"entity": {"type": "USER"}}, r"rights\[0\] has no appEditable"),
        (get_record_permissions, {"filterCond": "", "entities": 5}, "entities is not a list"),
        (
            get_field_permissions,
            {"code": "a", "entities": [{"entity": {"type": "USER"}, "accessibility": "ALL"}]},
            r"rights\[0\].entities\[0\].accessibility is not one of READ, WRITE, NONE",
        ),
    ],
)
def test_rights_are_checked_to_their_parts(get, right, problem, preview):
    answer = {"rights": [right], "revision": "1"}
    with pytest.raises(TransportError, match=problem):
        answered(answer, get, app=1, preview=preview)
    assert answered(answer | {"rights": []}, get, app=1) == answer | {"rights": []}


@pytest.mark.parametrize("preview", [False, True])
def test_a_change_of_rights_has_a_revision(preview):
    with pytest.raises(TransportError, match="has no revision"):
        answered({}, update_record_permissions, app=1, rights=[], preview=preview)


def test_the_counts_of_an_app_are_numbers():
    counts = dict.fromkeys(("recordCount", "fieldCount", "dailyRequestCount", "storageUsage"), "0")
    app = {"id": "1", "name": "a", "space": None, "status": "ACTIVATED", **counts}
    assert answered({"apps": [app]}, get_app_statistics) == {"apps": [app]}
    with pytest.raises(TransportError, match=r"apps\[0\].recordCount is not a number"):
        answered({"apps": [app | {"recordCount": "many"}]}, get_app_statistics)
