from __future__ import annotations

import json

from support.domain_files import shop
from support.plain_kintone import Kintone, cells, password


def sato(emulator):
    directory = emulator._domain.directory
    directory.admit({"sato": "secret"})
    return Kintone(emulator, password("sato", "secret"))


def test_lookups_that_are_exported_with_records_find_their_source(export, opened):
    again = opened(json.loads(export(shop(), "URL", "--records").stdout))
    assert sato(again).read(12, 1)["customer_name"] == "Blue Bottle"
    assert cells(sato(again).read(12, 1))["customer"]["value"] == "C-1"
