"""Many clients at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from support.plain_kintone import Kintone, cells, password


def test_of_two_writers_with_one_revision_one_wins(emulator, kintone):
    app = kintone.new_app({"n": {"type": "NUMBER"}})
    number = kintone.add(app, n=0)

    def increment(_):
        own = Kintone(emulator, password("sato", "secret"))
        for _ in range(25):
            while True:
                read = own.read(app, number)
                body = {
                    "app": app,
                    "id": number,
                    "revision": read["$revision"],
                    "record": cells({"n": int(read["n"]) + 1}),
                }
                response = own.send("PUT", "record.json", body)
                if response.status_code == 200:
                    break
                assert response.json()["code"] == "GAIA_CO02"

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(increment, range(2)))
    assert kintone.read(app, number)["n"] == "50"
    assert kintone.read(app, number)["$revision"] == "51"


def test_a_hundred_clients_write_at_once(emulator, kintone):
    app = kintone.new_app({"key": {"type": "SINGLE_LINE_TEXT", "unique": True}})

    def write(client):
        own = Kintone(emulator, password("sato", "secret"))
        records = [cells({"key": f"{client} {i}"}) for i in range(3)]
        return own.ok("POST", "records.json", {"app": app, "records": records})["ids"]

    with ThreadPoolExecutor(100) as threads:
        ids = [number for answer in threads.map(write, range(100)) for number in answer]
    assert sorted(map(int, ids)) == list(range(1, 301))
    answer = kintone.ok("GET", "records.json", {"app": app, "query": "limit 0", "totalCount": True})
    assert answer["totalCount"] == "300"
