"""The loopback port takes nothing from other names, other sites, or without the token."""

import pytest
import trio
from served_api import TOKEN, Served, serving

BEARER = f"Bearer {TOKEN}"


async def raw(served: Served, *lines: str) -> str:
    """Send exactly these lines to the port and return the whole answer."""
    stream = await trio.open_tcp_stream("127.0.0.1", served.bound.port)
    await stream.send_all("\r\n".join([*lines, "Connection: close", "", ""]).encode())
    answer = b""
    async with stream:
        async for piece in stream:
            answer += piece
    return answer.decode()


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.example:{port}",
        "127.0.0.1.:{port}",
        "0.0.0.0:{port}",
        "127.0.0.1:{port}@evil.example",
        "",
    ],
)
async def test_another_host_is_misdirected_even_with_the_token(served: Served, host: str) -> None:
    name = host.format(port=served.bound.port)
    answer = await raw(served, "GET /v1/status HTTP/1.1", f"Host: {name}", f"Authorization: {BEARER}")

    assert answer.startswith("HTTP/1.1 421")
    assert f"http://127.0.0.1:{served.bound.port}/" in answer
    assert "All is well" not in answer


async def test_a_request_without_host_or_with_two_gets_nothing(served: Served) -> None:
    own = f"Host: 127.0.0.1:{served.bound.port}"
    for lines in (["GET /v1/status HTTP/1.0"], ["GET /v1/status HTTP/1.1", own, own]):
        answer = await raw(served, *lines, f"Authorization: {BEARER}")

        assert answer.startswith(("HTTP/1.1 421", "HTTP/1.1 400"))
        assert "All is well" not in answer


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
async def test_the_own_names_are_served(served: Served, name: str) -> None:
    host = f"Host: {name}:{served.bound.port}"
    answer = await raw(served, "GET /v1/status HTTP/1.1", host, f"Authorization: {BEARER}")

    assert answer.startswith("HTTP/1.1 200")


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}0", f"Basic {TOKEN}", TOKEN, "Bearer é"],
)
async def test_no_token_or_another_one_is_refused(served: Served, authorization: str | None) -> None:
    headers = [] if authorization is None else [f"Authorization: {authorization}"]
    answer = await raw(served, "GET /v1/status HTTP/1.1", f"Host: localhost:{served.bound.port}", *headers)

    assert answer.startswith(("HTTP/1.1 401", "HTTP/1.1 400"))
    assert TOKEN not in answer
    assert "All is well" not in answer


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:{port}", "Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v1/stop"), ("GET", "/v1/events?follow=true"), ("GET", "/v1/status")]
)
async def test_another_site_is_refused_even_with_the_token(
    served: Served, method: str, path: str, headers: dict[str, str]
) -> None:
    given = {name: value.format(port=served.bound.port) for name, value in headers.items()}
    answer = await served.tcp.request(method, path, headers=given)

    assert answer.status_code == 403
    assert answer.json()["code"] == "origin.foreign"
    assert not served.stop.is_set()


async def test_the_own_page_may_ask(served: Served) -> None:
    answer = await served.tcp.get("/v1/status", headers={"Origin": served.base, "Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 200


async def test_a_socket_upgrade_is_refused(served: Served) -> None:
    for origin in (served.base, "http://evil.example"):
        answer = await raw(
            served,
            "GET /v1/events HTTP/1.1",
            f"Host: 127.0.0.1:{served.bound.port}",
            f"Origin: {origin}",
            "Upgrade: websocket",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
        )

        assert answer.startswith("HTTP/1.1 4")


async def test_each_answer_carries_what_keeps_a_browser_strict(served: Served) -> None:
    for answer in (
        await served.tcp.get("/v1/status"),
        await served.tcp.get("/v1/status", headers={"Host": "evil.example"}),
    ):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers
        assert "server" not in answer.headers


async def test_the_unix_socket_needs_no_token(tmp_path: "trio.Path") -> None:
    async with serving(tmp_path) as served:
        assert (await served.unix.get("/v1/status", headers={"Host": "whatever"})).status_code == 200
