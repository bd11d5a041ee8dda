"""kintone-orm demo --serve: the emulator keeps running with the data of the demonstration."""

from __future__ import annotations

import signal

from support.command import running

from kintone_orm import override
from kintone_orm.demo.models import City, Country


def test_served_the_data_stay_there_until_the_end():
    with running("demo", "--limit", "100", "--serve") as command, override(command.connect()):
        assert (Country.objects.count(), City.objects.count()) == (252, 100)
        assert City.objects.get(name="Tokyo").country_name == "Japan"
        assert command.stop(signal.SIGTERM) == 0
