"""explain() predicts the number of requests of a read."""

from __future__ import annotations

import pytest

from kintone_orm import Model, fields
from kintone_orm.testing import capture_requests


class Item(Model):
    number = fields.IntegerField()


QUERYSETS = {
    "by id": lambda q: q,
    "ordered": lambda q: q.order_by("-number"),
    "short slice": lambda q: q.order_by("number")[:30],
    "long slice": lambda q: q.order_by("number")[:700],
    "by id, a slice": lambda q: q[10:700],
    "a slice beyond offsets": lambda q: q.order_by("number")[300:20_000],
    "nothing": lambda q: q.none(),
}


@pytest.mark.parametrize("records", [0, 1, 499, 500, 501, 1000, 1100])
@pytest.mark.parametrize("name", QUERYSETS)
def test_as_many_requests_as_it_says(kintone, name, records):
    Item.objects.bulk_create(Item(number=n) for n in range(records))
    queryset = QUERYSETS[name](Item.objects.all())
    explanation = queryset.explain()
    with capture_requests(kintone) as requests:
        found = len(queryset)
    assert len(requests) == explanation.requests_for(found)
