"""Listeners and their end, on real sockets."""

import json
import os
import socket
import stat
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
import trio
from memory_backend import MemoryBackend
from served_api import TOKEN, Served, serving

from intentcastd.api import op
from intentcastd.api import serve as serving_module
from intentcastd.api.serve import MAX_CONNECTIONS, CannotServe, Place, serve


async def test_the_socket_is_for_its_owner_alone_and_gone_afterwards(tmp_path: Path) -> None:
    async with serving(tmp_path) as served:
        mode = served.bound.socket.stat().st_mode
        assert stat.S_ISSOCK(mode)
        assert stat.S_IMODE(mode) == 0o600

    assert not served.bound.socket.exists()


async def test_both_doors_answer(served: Served) -> None:
    for client in (served.unix, served.tcp):
        answer = await client.get("/v1/status")

        assert answer.status_code == 200
        assert answer.json()["verdict"] == "All is well: 1 guard answers."
        assert answer.json()["api_port"] == served.bound.port


async def test_a_socket_that_a_killed_daemon_left_is_taken_over(tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(os.fspath(tmp_path / "api.sock"))
    left.close()

    async with serving(tmp_path) as served:
        assert (await served.unix.get("/v1/status")).status_code == 200


async def test_a_socket_on_which_somebody_listens_is_left_alone(served: Served) -> None:
    second = partial(serve, MemoryBackend(trio.Event()), Place(served.bound.socket, 0, TOKEN), trio.Event())

    with pytest.raises(CannotServe, match="Another daemon listens"):
        await second()

    assert (await served.unix.get("/v1/status")).status_code == 200


async def test_a_file_in_the_place_of_the_socket_is_never_removed(tmp_path: Path) -> None:
    (tmp_path / "api.sock").write_text("mine")

    with pytest.raises(CannotServe, match="is no socket"):
        await serve(MemoryBackend(trio.Event()), Place(tmp_path / "api.sock", 0, TOKEN), trio.Event())

    assert (tmp_path / "api.sock").read_text() == "mine"


async def test_a_taken_port_is_an_error_that_names_the_setting(served: Served, tmp_path: Path) -> None:
    place = Place(tmp_path / "other.sock", served.bound.port, TOKEN)

    with pytest.raises(CannotServe, match="page_port = 0"):
        await serve(MemoryBackend(trio.Event()), place, trio.Event())


async def test_stop_ends_the_daemon_after_the_answer(tmp_path: Path) -> None:
    async with serving(tmp_path) as served:
        answer = await served.unix.post("/v1/stop")

        assert answer.status_code == 202
        assert served.stop.is_set()


async def stalled_reader(served: Served) -> trio.SocketStream:
    """Ask for a stream that is larger than all buffers, and never read on."""
    for number in range(2_000):
        served.backend.happen("network", filler="x" * 4_000, number=number)
    stream = await trio.open_unix_socket(served.bound.socket)
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    await stream.send_all(b"GET /v1/events?since=0&follow=true HTTP/1.1\r\nHost: intentcastd\r\n\r\n")
    await stream.receive_some(10)
    return stream


async def test_a_reader_that_has_stopped_reading_does_not_hold_up_the_end(tmp_path: Path) -> None:
    async with serving(tmp_path, grace_seconds=0.3) as served:
        stream = await stalled_reader(served)
        begin = trio.current_time()
        served.stop.set()
    took = trio.current_time() - begin
    await stream.aclose()

    assert took < 3


async def test_a_reader_that_has_stopped_reading_does_not_hold_up_a_cancelled_daemon(tmp_path: Path) -> None:
    begin = 0.0
    with trio.move_on_after(20) as scope:
        async with serving(tmp_path) as served:
            stream = await stalled_reader(served)
            begin = trio.current_time()
            scope.cancel()
            await trio.sleep_forever()
    assert trio.current_time() - begin < 3
    await stream.aclose()


async def test_others_are_served_while_one_stalls(served: Served) -> None:
    stream = await stalled_reader(served)

    assert (await served.unix.get("/v1/status")).status_code == 200
    await stream.aclose()


async def test_a_flood_of_connections_on_the_port_leaves_the_socket_free(served: Served) -> None:
    idle = [await trio.open_tcp_stream("127.0.0.1", served.bound.port) for _ in range(MAX_CONNECTIONS)]
    # All of them are accepted once each has been answered.
    for stream in idle:
        await stream.send_all(b"GET /openapi.json HTTP/1.1\r\nHost: elsewhere\r\n\r\n")
        assert (await stream.receive_some(12)).startswith(b"HTTP/1.1 421")

    one_more = await trio.open_tcp_stream("127.0.0.1", served.bound.port)
    try:
        closed = await one_more.receive_some(10) == b""
    except trio.BrokenResourceError:
        closed = True

    assert closed
    assert (await served.unix.get("/v1/status")).status_code == 200
    for stream in (*idle, one_more):
        await stream.aclose()


HEAD = b"POST /v1/previews HTTP/1.1\r\nHost: intentcastd\r\n"
STATUS = b"GET /v1/status HTTP/1.1\r\nHost: intentcastd\r\n\r\n"


async def rest_of(stream: trio.SocketStream) -> bytes:
    """Return all that comes until the other side closes."""
    said = b""
    while data := await stream.receive_some(65_536):
        said += data
    return said


async def ask_how_it_stands(stream: trio.SocketStream) -> None:
    """Make one whole call, and leave the connection open."""
    await stream.send_all(STATUS)
    said = b""
    while not said.endswith(b"}"):
        data = await stream.receive_some(65_536)
        assert data
        said += data
    assert said.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("begun", [b"", HEAD], ids=["nothing", "half a head"])
async def test_connections_without_a_whole_head_leave_the_listener_free_again(
    served: Served, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(serving_module, "HEAD_SECONDS", 0.5)
    begin = trio.current_time()
    held = [await trio.open_unix_socket(served.bound.socket) for _ in range(MAX_CONNECTIONS)]
    for stream in held:
        await stream.send_all(begun)
    for stream in held:
        assert await rest_of(stream) == b""
        await stream.aclose()

    assert trio.current_time() - begin < 5
    assert (await served.unix.get("/v1/status")).status_code == 200


async def test_a_head_that_comes_in_drops_is_cut_off(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving_module, "HEAD_SECONDS", 0.5)
    stream = await trio.open_unix_socket(served.bound.socket)
    begin = trio.current_time()
    with suppress(trio.BrokenResourceError):
        while trio.current_time() - begin < 4:
            await stream.send_all(b"G")
            await trio.sleep(0.1)
    await stream.aclose()

    assert trio.current_time() - begin < 4


@pytest.mark.parametrize("pause", [0, 0.2], ids=["at once", "after a rest"])
async def test_a_second_head_that_is_never_finished_is_cut_off_too(
    served: Served, monkeypatch: pytest.MonkeyPatch, pause: float
) -> None:
    monkeypatch.setattr(serving_module, "HEAD_SECONDS", 0.5)
    stream = await trio.open_unix_socket(served.bound.socket)
    await ask_how_it_stands(stream)
    await trio.sleep(pause)
    begin = trio.current_time()
    await stream.send_all(HEAD)
    await rest_of(stream)
    await stream.aclose()

    assert trio.current_time() - begin < 4


async def test_a_connection_may_rest_between_two_calls_for_longer_than_a_head_may_take(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving_module, "HEAD_SECONDS", 0.2)
    stream = await trio.open_unix_socket(served.bound.socket)
    for _ in range(3):
        await ask_how_it_stands(stream)
        await trio.sleep(0.6)
    await stream.aclose()


@pytest.mark.parametrize("path", [b"/v1/previews", b"/v1/vendor/catalogue", b"/v1/taxonomy"])
async def test_bodies_that_stand_still_are_answered_and_leave_the_listener_free_again(
    served: Served, monkeypatch: pytest.MonkeyPatch, path: bytes
) -> None:
    monkeypatch.setattr(op, "STALL_SECONDS", 0.5)
    begin = trio.current_time()
    held = [await trio.open_unix_socket(served.bound.socket) for _ in range(MAX_CONNECTIONS)]
    for stream in held:
        await stream.send_all(HEAD.replace(b"/v1/previews", path) + b'Content-Length: 90\r\n\r\n{"text":')
    for stream in held:
        answer = await rest_of(stream)
        assert answer.startswith(b"HTTP/1.1 408")
        assert b'"body.slow"' in answer
        await stream.aclose()

    assert trio.current_time() - begin < 5
    assert (await served.unix.get("/v1/status")).status_code == 200


async def test_what_is_no_http_ends_that_connection_alone(served: Served) -> None:
    stream = await trio.open_unix_socket(served.bound.socket)
    await stream.send_all(b"\x16\x03\x01\x00\x00 nonsense\r\n\r\n")
    answer = await stream.receive_some(100)
    await stream.aclose()

    assert answer.startswith(b"HTTP/1.1 400")
    assert (await served.unix.get("/v1/status")).status_code == 200


async def test_a_call_that_fails_by_our_fault_is_a_500_without_its_content(served: Served) -> None:
    answer = await served.unix.post("/v1/needs/read", content=json.dumps({"text": "divide by zero, secretly"}))

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "secretly" not in answer.text
    assert (await served.unix.get("/v1/status")).status_code == 200
