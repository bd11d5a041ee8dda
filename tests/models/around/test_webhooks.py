"""from_record() and from_webhook(): instances of records that other programs read."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

import pytest
from support.models.geography import City, Country

from kintone_orm import Model, Row, fields
from kintone_orm.api.records import get_record
from kintone_orm.exceptions import DecodeError, ImproperlyConfigured
from kintone_orm.fields import Group, Organization, User
from kintone_orm.models import WebhookComment
from kintone_orm.testing import assert_requests

SATO = {"code": "sato", "name": "Sato"}


class Piece(Row):
    piece = fields.SingleLineTextField()


class Everything(Model):
    price = fields.NumberField()
    count = fields.IntegerField()
    title = fields.SingleLineTextField()
    rank = fields.DropDownField(choices=["A"])
    tags = fields.CheckBoxField(choices=["a"])
    owners = fields.UserSelectField()
    papers = fields.FileField()
    due = fields.DateField()
    opens = fields.TimeField()
    start = fields.DateTimeField()
    span = fields.CalcField(expression="price", format="HOUR_MINUTE")
    maker = fields.CreatorField()
    kinds = fields.CategoryField()
    parts = fields.SubtableField(Piece)


class Part(Model):
    class Meta:
        abstract = True


@pytest.fixture
def kobe(kintone):
    """A record as JSON of kintone."""
    city = City.objects.create(name="Kobe", population=5, tags=["port"])
    return get_record(kintone, app=kintone.apps["cities"], id=city.pk)["record"]


def test_a_record_is_an_instance_without_a_request(kobe):
    with assert_requests(0):
        city = City.from_record(kobe)
        assert (city.pk, city.revision, city.name, city.tags) == (1, 1, "Kobe", ["port"])
        assert city.get_deferred_fields() == set()
        assert city == City.from_record(kobe)


def test_it_can_be_changed_and_saved_with_its_revision(kobe):
    city = City.from_record(kobe)
    city.tags.append("old")
    city.save()

    assert City.objects.get().tags == ["port", "old"]
    stale = City.from_record(kobe)
    stale.population = 6
    with pytest.raises(City.Conflict):
        stale.save()


def test_what_is_not_in_it_is_fetched_when_it_is_read(kobe):
    city = City.from_record({code: kobe[code] for code in ("$id", "$revision", "都市名")})

    assert city.get_deferred_fields() == set(City._meta.fields) - {"name"}
    with assert_requests(1):
        assert (city.name, city.population, city.tags) == ("Kobe", 5, ["port"])


def test_what_cannot_be_read_costs_its_attribute_only(kobe):
    city = City.from_record(kobe | {"population": {"value": "many"}})

    assert city.name == "Kobe"
    with pytest.raises(DecodeError, match="City.population"):
        _ = city.population


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("price", "1e200000"),
        ("price", "NaN"),
        ("price", "-Infinity"),
        ("price", True),
        ("price", 0.1),
        ("price", {}),
        ("count", "1e200000"),
        ("count", "Infinity"),
        ("count", False),
        ("title", 5),
        ("title", {}),
        ("rank", []),
        ("tags", [{"a": 1}, 5]),
        ("tags", {}),
        ("owners", {}),
        ("owners", [{"code": 5, "name": None}]),
        ("papers", {}),
        ("papers", [{"fileKey": 1, "name": "a", "contentType": "b", "size": "3"}]),
        ("due", {}),
        ("due", "2024-W01-1"),
        ("opens", "09:30+09:00"),
        ("opens", "09:30:15"),
        ("opens", "T0930"),
        ("start", {}),
        ("span", 5),
        ("maker", {"code": "a", "name": None}),
        ("kinds", ["a", 5]),
        ("parts", {}),
        ("parts", [{"id": 5, "value": {}}]),
        ("parts", [{"id": "1" * 5000, "value": {}}]),
    ],
)
def test_a_shape_that_kintone_does_not_send_costs_its_attribute(kintone, name, sent):
    known = {"$id": {"value": "1"}, "$revision": {"value": "1"}}
    record = Everything.from_record({**known, name: {"value": sent}})
    with pytest.raises(DecodeError, match=rf"Everything\.{name}"):
        getattr(record, name)


def test_fields_that_the_model_does_not_have_are_left_alone(kobe):
    assert City.from_record(kobe | {"more": {"type": "NUMBER", "value": "1"}}).name == "Kobe"


@pytest.mark.parametrize(
    ("code", "sent", "message"),
    [
        ("$id", None, r"City.from_record: \$id.value is missing, or is not of the type text"),
        ("$revision", None, r"\$revision.value is missing, or is not of the type text"),
        ("$id", {"value": "1 or 1 = 1"}, r"\$id.value is not a number"),
        ("$id", {"value": "٣"}, r"\$id.value is not a number"),
        ("$id", {"value": 1}, r"\$id.value is missing, or is not of the type text"),
        ("$id", {"value": "1" * 5000}, r"\$id.value is not a number"),
        ("$revision", "1", r"\$revision.value is missing, or is not of the type text"),
    ],
)
def test_a_record_is_known_by_its_id_and_revision(kobe, code, sent, message):
    with pytest.raises(DecodeError, match=message):
        City.from_record(kobe | {code: sent})


@pytest.mark.parametrize("record", [None, "{}", [], 3])
def test_what_is_no_object_is_no_record(kintone, record):
    with pytest.raises(DecodeError, match=r"City.from_record: \$id.value"):
        City.from_record(record)


def test_the_connection_may_be_named(kintone, kobe):
    assert City.from_record(kobe, using=kintone.alias)._state.db == kintone.alias
    with pytest.raises(ImproperlyConfigured, match="No connection is called 'nowhere'"):
        City.from_record(kobe, using="nowhere")


@pytest.mark.parametrize("make", [Part.from_record, Part.from_webhook])
def test_an_abstract_model_has_none(kintone, make):
    with pytest.raises(TypeError, match="Part is abstract"):
        make({})


# -- webhooks -------------------------------------------------------------------------------------


@pytest.fixture
def payload(kintone, kobe):
    """Make the payload of a webhook of this type."""
    common = {"id": "01234567-0123", "app": {"id": str(kintone.apps["cities"]), "name": "Cities"}}
    url = "https://sample.cybozu.com/k/1/show#record=1"
    bodies = {
        "DELETE_RECORD": {
            "recordId": "1",
            "deletedBy": SATO,
            "deletedAt": "2024-02-06T12:59:07Z",
        },
        "ADD_RECORD_COMMENT": {
            "recordId": "1",
            "comment": {
                "id": "2",
                "text": "hello",
                "createdAt": "2024-02-06T12:59:07Z",
                "creator": SATO,
                "mentions": [
                    {"code": "kato", "type": "USER"},
                    {"code": "sales", "type": "ORGANIZATION"},
                    {"code": "everyone", "type": "GROUP"},
                ],
            },
            "url": f"{url}&comment=2",
        },
    }
    changed = {"record": kobe, "recordTitle": "Kobe", "url": url}
    return lambda kind: common | {"type": kind} | bodies.get(kind, changed)


@pytest.mark.parametrize("kind", ["ADD_RECORD", "UPDATE_RECORD", "UPDATE_STATUS"])
def test_a_webhook_of_a_change_has_the_record(payload, kind):
    with assert_requests(0):
        event = City.from_webhook(payload(kind))

    assert (event.type, event.record_id, event.record_title) == (kind, 1, "Kobe")
    assert event.url == "https://sample.cybozu.com/k/1/show#record=1"
    assert event.instance.population == Decimal(5)
    assert (event.comment, event.deleted_by, event.deleted_at) == (None, None, None)


def test_the_record_of_a_webhook_can_be_saved(payload):
    city = City.from_webhook(payload("ADD_RECORD")).instance
    city.population = 7
    city.save()

    assert City.objects.get().population == 7


def test_a_webhook_of_a_deletion_has_who_and_when(payload):
    event = City.from_webhook(payload("DELETE_RECORD"))

    assert (event.record_id, event.instance, event.url) == (1, None, None)
    assert event.deleted_by == User("sato")
    assert event.deleted_by.name == "Sato"
    assert event.deleted_at == datetime(2024, 2, 6, 12, 59, 7, tzinfo=timezone.utc)


def test_a_webhook_of_a_comment_has_the_comment(payload):
    event = City.from_webhook(payload("ADD_RECORD_COMMENT"))

    assert (event.record_id, event.instance) == (1, None)
    assert event.url.endswith("&comment=2")
    assert event.comment == WebhookComment(
        id=2,
        text="hello",
        created_at=datetime(2024, 2, 6, 12, 59, 7, tzinfo=timezone.utc),
        creator=User("sato"),
        mentions=(User("kato"), Organization("sales"), Group("everyone")),
    )


def test_a_webhook_says_who_it_is(kintone, payload):
    event = City.from_webhook(payload("DELETE_RECORD"))

    assert (event.id, event.app_id, event.app_name) == (
        "01234567-0123",
        kintone.apps["cities"],
        "Cities",
    )


def test_a_webhook_of_another_app_is_refused(payload):
    with pytest.raises(
        DecodeError, match=r"Country.from_webhook: the payload is from app \d+, but"
    ):
        Country.from_webhook(payload("ADD_RECORD"))


def test_an_unknown_type_is_refused(payload):
    with pytest.raises(
        DecodeError, match="'DROP_APP' is unknown. The known types are ADD_RECORD, UPDATE_R"
    ):
        City.from_webhook(payload("DROP_APP"))


CHANGES = [
    ("ADD_RECORD", "type", None, "type is missing, or is not of the type text"),
    ("ADD_RECORD", "type", ["ADD_RECORD"], "type is missing, or is not of the type text"),
    ("ADD_RECORD", "id", 3, "id is missing, or is not of the type text"),
    ("ADD_RECORD", "app", None, "app.id is missing, or is not of the type text"),
    ("ADD_RECORD", "app", {"id": "1e3"}, "app.id is not a number"),
    ("ADD_RECORD", "record", None, "record is missing, or is not of the type object"),
    ("ADD_RECORD", "record", {}, r"\$id.value is missing, or is not of the type text"),
    ("ADD_RECORD", "recordTitle", None, "recordTitle is missing, or is not of the type text"),
    ("ADD_RECORD", "url", None, "url is missing, or is not of the type text"),
    ("DELETE_RECORD", "recordId", None, "recordId is missing, or is not of the type text"),
    ("DELETE_RECORD", "recordId", "-1", "recordId is not a number"),
    (
        "DELETE_RECORD",
        "deletedBy",
        {"code": "x"},
        "deletedBy.name is missing, or is not of the type text",
    ),
    ("DELETE_RECORD", "deletedAt", "yesterday", "deletedAt is not a date and time"),
    ("DELETE_RECORD", "deletedAt", "2024-02-06T12:59:07", "deletedAt is not a date and time"),
    ("DELETE_RECORD", "deletedAt", "", "deletedAt is not a date and time"),
    (
        "ADD_RECORD_COMMENT",
        "comment",
        None,
        "comment.mentions is missing, or is not of the type list",
    ),
    (
        "ADD_RECORD_COMMENT",
        "comment",
        {"mentions": [3]},
        "type is missing, or is not of the type text",
    ),
    (
        "ADD_RECORD_COMMENT",
        "comment",
        {"mentions": [{"type": "ROBOT", "code": "x"}]},
        "the type .ROBOT. of a mention is unknown",
    ),
]


@pytest.mark.parametrize(("kind", "key", "value", "message"), CHANGES)
def test_a_payload_of_the_wrong_shape_is_refused(payload, kind, key, value, message):
    with assert_requests(0), pytest.raises(DecodeError, match=message):
        City.from_webhook(payload(kind) | {key: value})


@pytest.mark.parametrize("sent", [None, b"{}", [], "ADD_RECORD"])
def test_what_is_no_object_is_no_payload(kintone, sent):
    with pytest.raises(
        DecodeError, match="City.from_webhook: type is missing, or is not of the type text"
    ):
        City.from_webhook(sent)


def test_an_error_does_not_repeat_what_was_sent(payload):
    with pytest.raises(DecodeError) as refused:
        City.from_webhook(payload("DELETE_RECORD") | {"deletedAt": "a secret"})

    assert "secret" not in str(refused.value)
