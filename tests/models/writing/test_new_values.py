from __future__ import annotations

import pytest
from support.models.geography import City

from kintone_orm.exceptions import FieldError
from kintone_orm.testing import capture_requests


def writes(requests):
    return [(r.method, r.path) for r in requests if r.method != "GET"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"nam": "x"}, "City has no field 'nam'"),
        ({"population": "many"}, "City.population takes a number"),
        ({"created": None}, "kintone sets it itself"),
        ({"country_name": "x"}, "the lookup 'country' copies its value"),
        ({"id": 3}, "kintone sets it itself"),
    ],
)
def test_update_checks_names_and_values_first(kintone, values, message):
    with capture_requests(kintone) as requests, pytest.raises(FieldError, match=message):
        City.objects.update(**values)

    assert requests == []
