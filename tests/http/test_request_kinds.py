from __future__ import annotations

import pytest

from kintone_orm.http.messages import Request
from kintone_orm.http.request_kinds import Kind, carried_out, kind_of
from kintone_orm.outcomes import CarriedOut, Outcome

UPLOADED = {"papers": {"value": [{"fileKey": "k"}]}}
NAMED = {"name": {"value": "a"}}


def request(method, endpoint, **params):
    return Request(method, f"/k/v1/{endpoint}.json", params)


def bulk(*inner):
    requests = [{"method": each.method, "api": each.path, "payload": each.params} for each in inner]
    return request("POST", "bulkRequest", requests=requests)


def saves(*records, **more):
    return request("PUT", "records", app=1, records=list(records), **more)


def save(record=NAMED, **more):
    return {"id": 1, "record": record, **more}


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (request("GET", "records"), Kind.READ),
        (request("GET", "record/comments"), Kind.READ),
        (request("GET", "file"), Kind.READ),
        (request("POST", "file"), Kind.UPLOAD),
        (request("GET", "records/cursor"), Kind.CURSOR_PAGE),
        (request("POST", "records/cursor"), Kind.NEW_CURSOR),
        (request("DELETE", "records/cursor"), Kind.READ),
        (request("POST", "record"), Kind.ONCE),
        (request("POST", "records", records=[NAMED]), Kind.ONCE),
        (request("POST", "record/comment"), Kind.ONCE),
        (request("POST", "preview/app/deploy"), Kind.ONCE),
        (request("PUT", "record", id=1, revision=2), Kind.VERSIONED),
        (request("PUT", "record", id=1, revision=2, record=UPLOADED), Kind.VERSIONED),
        (request("PUT", "record", id=1, revision="-1"), Kind.UNVERSIONED),
        (request("PUT", "record", id=1), Kind.UNVERSIONED),
        (request("PUT", "record/assignees", id=1, revision=2), Kind.VERSIONED),
        (request("PUT", "record/status", id=1, revision=2), Kind.ONCE),
        (request("PUT", "records/status", records=[save(revision=2)]), Kind.ONCE),
        (saves(save(revision=1), save(revision=2)), Kind.VERSIONED),
        (saves(save(revision=1), save()), Kind.UNVERSIONED),
        (saves(save(revision=1), upsert=True), Kind.UNVERSIONED),
        (saves(save(UPLOADED, revision=1)), Kind.UNVERSIONED),
        (request("PUT", "preview/app/form/fields", revision=3), Kind.VERSIONED),
        (request("DELETE", "records", ids=[1], revisions=[2]), Kind.DELETE_ONE),
        (request("DELETE", "records", ids=[1]), Kind.ONCE),
        (request("DELETE", "records", ids=[1], revisions=[-1]), Kind.ONCE),
        (request("DELETE", "records", ids=[1, 2], revisions=[1, 2]), Kind.ONCE),
        (request("DELETE", "record/comment", record=1, comment=2), Kind.ONCE),
        # Parameters that kintone refuses.
        (request("DELETE", "records", app=1), Kind.ONCE),
        (request("DELETE", "records", ids=5, revisions=[1]), Kind.ONCE),
        (request("DELETE", "records", ids=[1], revisions=5), Kind.ONCE),
        (request("PUT", "records", records=[1]), Kind.UNVERSIONED),
        (request("POST", "bulkRequest", requests=[{"api": "/k/v1/record.json"}]), Kind.ONCE),
        (request("POST", "bulkRequest", requests=5), Kind.ONCE),
        (bulk(saves(save(revision=1)), saves(save(revision=2))), Kind.VERSIONED),
        (bulk(saves(save(revision=1)), saves(save())), Kind.UNVERSIONED),
        (bulk(saves(save(UPLOADED, revision=1))), Kind.UNVERSIONED),
        (bulk(saves(save(revision=1)), request("POST", "record")), Kind.ONCE),
        (bulk(request("DELETE", "records", ids=[1], revisions=[2])), Kind.ONCE),
        (bulk(request("PUT", "record", id=1, revision=2, record=UPLOADED)), Kind.UNVERSIONED),
    ],
)
def test_the_kind_follows_from_method_endpoint_and_revisions(sent, kind):
    assert kind_of(sent) is kind


@pytest.mark.parametrize("outcome", Outcome)
def test_a_write_is_unknown_only_after_a_lost_answer(outcome):
    unknown = carried_out(request("POST", "record"), outcome) is CarriedOut.UNKNOWN
    assert unknown is outcome.is_lost_answer


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize(
    "sent",
    [
        request("GET", "records"),
        request("POST", "records/cursor"),
        request("GET", "records/cursor"),
        request("DELETE", "records/cursor"),
        request("POST", "file"),
    ],
)
def test_a_read_is_never_unknown(sent, outcome):
    assert carried_out(sent, outcome) is CarriedOut.NO
