"""Every fault at every request of a deploy(): the next deploy() completes the same two apps.

The table is written by hand: it is the promise, not a recording of what the code does.
"""

from __future__ import annotations

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.api.apps import add_app, get_app_settings, get_apps
from kintone_orm.api.form import get_form_fields
from kintone_orm.apps import deploy
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import APIError, DeployError
from kintone_orm.testing import capture_requests, emulate


class Part(Model):
    code = fields.SingleLineTextField(unique=True)
    created = fields.CreatedTimeField("made_at")

    class Meta:
        app = "parts"
        number_precision = {"decimal_places": 2}


class SaleLine(Row):
    item = fields.LookupField(Part, key="code")
    qty = fields.NumberField()


class Sale(Model):
    part = fields.LookupField(Part, key="code")
    note = fields.MultiLineTextField()
    lines = fields.SubtableField(SaleLine)

    class Meta:
        app = "sales"


# The requests of deploy(Part, Sale), and its end if one of them fails: first after a fault with
# which kintone carries the request out, then after a fault with which it does not. An end is "done"
# or what the error says about the deploy: "no" (nothing was changed), "yes" or "unknown".
_LINES = """
GET apps                        no    no
GET preview/app/settings        no    no
GET preview/app/settings        no    no
GET preview/app/settings        no    no
GET preview/app/settings        no    no
GET preview/app/settings        no    no
POST preview/app                done  unknown
GET preview/app/form/fields     yes   yes
POST preview/app                done  unknown
GET preview/app/form/fields     yes   yes
POST preview/app/form/fields    done  done
PUT preview/app/form/fields     done  done
GET preview/app/settings        yes   yes
PUT preview/app/settings        done  done
POST preview/app/form/fields    done  done
POST preview/app/deploy         done  done
GET preview/app/deploy          yes   yes
GET preview/app/deploy          yes   yes
POST preview/app/form/fields    done  done
PUT preview/app/form/fields     done  done
POST preview/app/deploy         done  done
GET preview/app/deploy          yes   yes
GET preview/app/deploy          yes   yes
GET app/form/fields             yes   yes
GET app/form/fields             yes   yes
"""
TABLE = [line.rsplit(maxsplit=2) for line in _LINES.strip().splitlines()]
FAULTS = {
    Fault.LOST_ANSWER: 1,
    Fault.TRUNCATED_BODY: 1,
    Fault.LOST_REQUEST: 2,
    Fault.SERVICE_UNAVAILABLE: 2,
}
CELLS = [
    pytest.param(number, fault, row[column], id=f"{number}-{row[0]}-{fault.value}")
    for number, row in enumerate(TABLE)
    for fault, column in FAULTS.items()
]


@pytest.fixture
def empty():
    """A domain without an app."""
    with emulate() as connection:
        yield connection


def content(connection):
    """The live settings that deploy() has made, and the id of the next app."""
    parts, sales = connection.apps["parts"], connection.apps["sales"]
    return (
        [get_form_fields(connection, app=app)["properties"] for app in (parts, sales)],
        get_app_settings(connection, app=parts)["numberPrecision"],
        add_app(connection, name="the next one")["app"],
    )


@pytest.fixture(scope="module")
def complete():
    with emulate() as connection:
        deploy(Part, Sale)
        return content(connection)


def deploy_disturbed(connection, number, fault):
    """Deploy with a fault at one request. Return the end, as the table has it, and the error."""
    connection.emulator.faults.add(fault, after=number)
    try:
        deploy(Part, Sale)
    except APIError as error:
        return error.carried_out.name.lower(), error
    else:
        return "done", None
    finally:
        assert not connection.emulator.faults.pending
        connection.emulator.faults.clear()


def test_the_table_has_every_request(empty):
    with capture_requests(empty) as sent:
        deploy(Part, Sale)

    requests = [f"{r.method} {r.path.removeprefix('/k/v1/').removesuffix('.json')}" for r in sent]
    assert requests == [row[0] for row in TABLE]


@pytest.mark.parametrize(("number", "fault", "end"), CELLS)
def test_the_next_deploy_completes_two_apps(empty, complete, number, fault, end):
    assert deploy_disturbed(empty, number, fault)[0] == end

    deploy(Part, Sale)
    assert content(empty) == complete


@pytest.mark.parametrize(("number", "fault", "end"), [c for c in CELLS if c.values[2] != "done"])
def test_so_does_the_next_deploy_of_a_program_that_knows_no_app(
    empty, complete, number, fault, end
):
    _, error = deploy_disturbed(empty, number, fault)
    ids = dict(empty.apps)
    empty.apps.clear()
    if ids:
        assert f"connect(..., apps={ids})" in str(error)
    if get_apps(empty)["apps"]:  # The apps are in use: their names alone prove nothing.
        with pytest.raises(DeployError, match=f"exists already .*apps={{'parts': {ids['parts']}}}"):
            deploy(Part, Sale)
        empty.apps.update(ids)
    deploy(Part, Sale)

    assert content(empty) == complete


@pytest.mark.parametrize("fault", FAULTS)
def test_with_retries_only_a_new_app_that_cannot_be_found_ends_a_deploy(complete, fault):
    for number, (request, *_) in enumerate(TABLE):
        with emulate(retry=True) as connection:
            end, _ = deploy_disturbed(connection, number, fault)

            is_unsent = request == "POST preview/app" and FAULTS[fault] == 2
            assert end == ("unknown" if is_unsent else "done")
            if not is_unsent:
                assert content(connection) == complete
