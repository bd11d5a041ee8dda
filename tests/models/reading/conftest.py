from __future__ import annotations

import pytest

from kintone_orm.models.reading.send_ahead import AnswersInTurn


@pytest.fixture(params=["ahead", "page by page"])
def both_ways(request, monkeypatch):
    """Run the test twice: with requests that are sent ahead, and without."""
    if request.param == "page by page":

        def answer(self, asked, _guess):
            return self._source.answer(asked)

        monkeypatch.setattr(AnswersInTurn, "answer", answer)
