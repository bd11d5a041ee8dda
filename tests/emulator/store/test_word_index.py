from __future__ import annotations

from kintone_orm.emulator import choices


def test_a_search_that_lags_finds_the_value_of_before(kintone, monkeypatch):
    """kSQL, 2026-08-25: the old value in 4 of 8 tries; `=` and `$id` right at once."""
    monkeypatch.setattr(choices, "SEARCH_LAGS", True)
    app = kintone.new_app({"memo": {"type": "MULTI_LINE_TEXT"}, "n": {"type": "NUMBER"}})
    number = kintone.add(app, memo="first", n=1)
    assert kintone.find(app, 'memo like "first"') == [number]
    kintone.put(app, number, memo="second", n=2)
    assert kintone.find(app, 'memo like "first"') == [number]
    assert kintone.find(app, 'memo like "second"') == []
    assert kintone.find(app, 'memo not like "second" and n = 2') == [number]
    assert "$searched" not in kintone.read(app, number)
    kintone.put(app, number, n=3)
    assert kintone.find(app, 'memo like "second"') == [number]
    kintone.ok("DELETE", "records.json", {"app": app, "ids": [number]})
    assert kintone.find(app, 'memo like "second"') == []
