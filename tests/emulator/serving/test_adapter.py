"""The emulator as a transport adapter of the library requests."""

from __future__ import annotations

import io

import pytest


@pytest.mark.parametrize("host", ["example.cybozu.com", "a.kintone.com", "b.s.cybozu.cn:443"])
def test_every_host_is_the_emulator(kintone, host):
    assert kintone.session.get(f"https://{host}/k/v1/apps.json").json() == {"apps": []}


def test_a_response_is_like_one_from_the_network(kintone):
    response = kintone.session.get("https://x.cybozu.com/k/v1/apps.json", stream=True)
    assert response.ok
    assert response.encoding == "utf-8"
    assert response.request.method == "GET"
    assert response.url == "https://x.cybozu.com/k/v1/apps.json"
    assert b"".join(response.iter_content(4)) == b'{"apps":[]}'


@pytest.mark.parametrize(
    "body",
    [b'{"ids":[]}', '{"ids":[]}', io.BytesIO(b'{"ids":[]}'), iter([b'{"ids"', b":[]}"])],
    ids=["bytes", "text", "file", "pieces"],
)
def test_a_body_may_come_in_any_form(kintone, body):
    headers = {"Content-Type": "application/json", "X-HTTP-Method-Override": "GET"}
    url = "https://x.cybozu.com/k/v1/apps.json"
    assert kintone.session.post(url, data=body, headers=headers).json() == {"apps": []}
