"""Bodies are strict, errors are problems, and the description is true."""

import json
from typing import Any

import pytest
import trio
import trio.testing
from served_api import Served
from starlette.requests import Request

from intentcastd.api.backend import ApiProblem
from intentcastd.api.op import BODY_SECONDS, MAX_BODY_BYTES, STALL_SECONDS, read_body
from intentcastd.api.shapes_buyer import MAX_TIME

CAST = {"text": "twin pram, Leeds, today"}


async def problem(served: Served, path: str, content: bytes) -> dict[str, Any]:
    answer = await served.unix.post(path, content=content)
    assert answer.headers["content-type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()
    assert said["status"] == answer.status_code
    assert set(said) == {"status", "code", "message", "hint"}
    return said


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"", ""),
        (b"{", ""),
        (b"[]", "object"),
        (b"\xff", ""),
        (b'{"text":"a","budgett":"4 EUR"}', "budgett"),
        (b'{"text":1}', "text"),
        (b'{"text":""}', "text"),
        (b'{"ttl_seconds":"60"}', "ttl_seconds"),
        (b'{"ttl_seconds":1}', "ttl_seconds"),
        (b'{"publish_budget":"yes"}', "publish_budget"),
        (b'{"country":"Great Britain"}', "country"),
        (b'{"how":["teleport"]}', "how"),
        (b'{"code":"12AB"}', "code"),
        (b'{"details":{"weight":{"value":1.5,"unit":"KGM"}}}', "details"),
        (b'{"text":' + b"[" * 5_000, ""),
    ],
)
async def test_a_body_of_another_shape_is_refused_with_the_place_of_the_fault(
    served: Served, content: bytes, names: str
) -> None:
    said = await problem(served, "/v1/previews", content)

    assert (said["status"], said["code"]) == (422, "request.invalid")
    assert names in said["message"]
    assert served.backend.previews == {}


async def test_a_number_with_decimals_and_a_measured_detail_are_taken(served: Served) -> None:
    body = {
        "category": "bt-6",
        "quantity": 2.5,
        "unit": "KGM",
        "details": {"weight": {"value": 25, "unit": "KGM", "scale": 1}},
    }
    answer = await served.unix.post("/v1/previews", json=body)

    assert answer.status_code == 200


@pytest.mark.parametrize("by", ["-1", str(2**32), str(10**20), "9" * 6_000])
async def test_a_time_that_the_wire_cannot_hold_is_refused_with_what_to_write_instead(served: Served, by: str) -> None:
    for path in ("/v1/previews", "/v1/vendor/match"):
        said = await problem(served, path, b'{"text":"pram","by":' + by.encode() + b"}")

        assert (said["status"], said["code"]) == (422, "request.invalid")
        assert "by`" in said["message"]
        assert len(by) > 1_000 or f"0 to {MAX_TIME}, or words" in said["message"]


@pytest.mark.parametrize(
    "quantity",
    [
        '"NaN"',
        '"sNaN"',
        '"-Infinity"',
        "0",
        "-0.5",
        "1000000000000.1",
        "1e13",
        "0.0000001",
        '"1.0000000"',
        "1e400000",
        '"1e400000"',
        '"1e-400000"',
        "0e400000",
        '"' + "9" * 200_000 + '"',
        "0." + "0" * 200_000 + "1",
    ],
    ids=lambda text: text[:12],
)
async def test_what_is_no_quantity_is_refused_at_once(served: Served, quantity: str) -> None:
    begin = trio.current_time()
    said = await problem(served, "/v1/previews", b'{"text":"pram","quantity":' + quantity.encode() + b"}")

    assert (said["status"], said["code"]) == (422, "request.invalid")
    assert "at most 6 decimals, such as 3 or 2.5" in said["message"]
    assert trio.current_time() - begin < 1


@pytest.mark.parametrize("terms", [["SD-BASE", "SD-BASE"], ["a", "b", "c", "d", "e"], [""], ["x" * 65]])
async def test_terms_are_at_most_four_and_each_once(served: Served, terms: list[str]) -> None:
    said = await problem(served, "/v1/previews", json.dumps({"text": "pram", "terms": terms}).encode())

    assert (said["status"], said["code"]) == (422, "request.invalid")
    assert "terms" in said["message"]


@pytest.mark.parametrize(
    "edge",
    [
        {"by": 0},
        {"by": MAX_TIME},
        {"by": "x" * 80},
        {"quantity": "1000000000000"},
        {"quantity": "1e12"},
        {"quantity": 0.000001},
        {"quantity": "999999999999.999999"},
        {"terms": ["a", "b", "c", "d" * 64]},
        {"text": "x" * 2_000, "words": "x" * 2_000, "near": "x" * 120, "budget": "9" * 40},
    ],
    ids=str,
)
async def test_a_need_at_a_limit_has_the_right_shape(served: Served, edge: dict[str, Any]) -> None:
    answer = await served.unix.post("/v1/previews", json={"text": "pram", **edge})

    assert answer.status_code == 200


async def test_a_large_body_is_refused_before_it_is_read(served: Served) -> None:
    said = await problem(served, "/v1/previews", b" " * (MAX_BODY_BYTES + 1))

    assert (said["status"], said["code"]) == (413, "body.too_large")


async def test_a_body_that_does_not_come_is_not_waited_for(autojump_clock: trio.testing.MockClock) -> None:
    async def receive() -> Any:
        await trio.sleep_forever()

    begin = trio.current_time()
    with pytest.raises(ApiProblem) as slow:
        await read_body(Request({"type": "http", "headers": []}, receive))

    assert slow.value.status == 408
    assert trio.current_time() - begin == STALL_SECONDS


async def test_a_body_that_comes_in_drops_is_given_up_as_a_whole(autojump_clock: trio.testing.MockClock) -> None:
    async def receive() -> Any:
        await trio.sleep(STALL_SECONDS - 1)
        return {"type": "http.request", "body": b" ", "more_body": True}

    begin = trio.current_time()
    with pytest.raises(ApiProblem) as slow:
        await read_body(Request({"type": "http", "headers": []}, receive))

    assert slow.value.status == 408
    assert trio.current_time() - begin == BODY_SECONDS


async def test_a_body_that_is_cut_off_does_nothing(served: Served) -> None:
    stream = await trio.open_unix_socket(served.bound.socket)
    await stream.send_all(b'POST /v1/previews HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\n{"text":"half')
    await stream.aclose()

    assert (await served.unix.get("/v1/status")).status_code == 200
    assert served.backend.previews == {}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "path.unknown"),
        ("GET", "/", 404, "path.unknown"),
        ("PUT", "/v1/status", 405, "method.unknown"),
        ("GET", "/v1/rfps/r9", 404, "rfp.unknown"),
        ("GET", "/v1/offers/00", 404, "offer.unknown"),
        ("GET", "/v1/relay", 404, "relay.none"),
        ("GET", "/v1/events?sinse=1", 422, "request.invalid"),
        ("GET", "/v1/events?since=-1", 422, "request.invalid"),
        ("GET", f"/v1/events?since={2**53}", 422, "request.invalid"),
        ("GET", f"/v1/events?since={10**20}", 422, "request.invalid"),
        ("GET", f"/v1/events?since={'9' * 6_000}", 422, "request.invalid"),
        ("GET", "/v1/events?since=1&since=2", 422, "request.invalid"),
    ],
)
async def test_what_is_not_there_is_a_problem(served: Served, method: str, path: str, status: int, code: str) -> None:
    answer = await served.unix.request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["hint"]


async def test_a_need_goes_from_words_to_offers(served: Served) -> None:
    preview = (await served.unix.post("/v1/previews", json=CAST)).json()
    answer = await served.unix.post("/v1/rfps", json={"preview": preview["id"]})
    name = answer.json()["id"]
    offers = (await served.unix.get(f"/v1/rfps/{name}/offers")).json()
    one = (await served.unix.get(f"/v1/offers/{offers['offers'][0]['id']}")).json()
    again = await served.unix.post("/v1/rfps", json={"preview": preview["id"]})
    closed = (await served.unix.post(f"/v1/rfps/{name}/close", json={"reason": "filled"})).json()
    rfps = (await served.unix.get("/v1/rfps")).json()

    assert answer.status_code == 202
    assert len(offers["offers"]) == 3
    assert offers["refused"] == {"weak stamp": 1}
    assert one["options"][0]["landed"]["total"] == {"currency": "GBP", "minor": 19_400}
    assert offers["offers"][1]["options"][0]["landed"]["total"] is None
    assert one["terms"] == {"accept": "SD-BASE"}
    assert (again.status_code, again.json()["code"]) == (409, "gone.preview")
    assert closed["state"] == "closed"
    assert [rfp["id"] for rfp in rfps["rfps"]] == [name]


async def test_a_catalogue_is_handed_over_byte_by_byte(served: Served) -> None:
    rows = b"Handle,Title,Price\n" + b"ts-2,Twin stroller,189.00\n" * 50_000

    async def pieces() -> Any:
        for at in range(0, len(rows), 60_000):
            yield rows[at : at + 60_000]

    answer = await served.unix.post("/v1/vendor/catalogue?apply=true&decimal=comma", content=pieces())
    ((data, query),) = served.backend.imports

    assert answer.json()["ok"] == 50_000
    assert data == rows
    assert (query.apply, query.decimal, query.force) == (True, "comma", False)


@pytest.mark.parametrize("query", ["apply=maybe", "decimal=dot", "delimiter=;;", "dry=true"])
async def test_an_import_with_a_wrong_query_reads_no_file(served: Served, query: str) -> None:
    answer = await served.unix.post(f"/v1/vendor/catalogue?{query}", content=b"x\n")

    assert answer.status_code == 422
    assert served.backend.imports == []


async def test_the_inspector_answers_over_the_api(served: Served) -> None:
    preview = (await served.unix.post("/v1/previews", json=CAST)).json()
    said = (await served.unix.post("/v1/wire/decode", json={"hex": preview["envelope_unsigned_hex"]})).json()
    neither = await served.unix.post("/v1/wire/decode", json={})
    wrong = await served.unix.post("/v1/wire/decode", json={"hex": "xyz"})

    assert (said["kind"], said["verdict"], said["rule"]) == ("rfp", "reject", "ENV-7")
    assert said["tree"]["parts"][0]["name"] == "version"
    assert (neither.status_code, wrong.status_code) == (422, 422)


async def test_the_description_lists_every_route_and_nothing_else(served: Served) -> None:
    spec = (await served.tcp.get("/openapi.json")).json()
    listed = {(method.upper(), path) for path, methods in spec["paths"].items() for method in methods}

    assert spec["openapi"] == "3.1.0"
    assert ("POST", "/v1/rfps/{name}/close") in listed
    assert len(listed) == 22
    for method, path in sorted(listed - {("POST", "/v1/stop")}):
        answer = await served.unix.request(
            method, path.replace("{name}", "none").replace("{id}", "none"), content=b"[]"
        )
        assert "path.unknown" not in answer.text, path
        assert "method.unknown" not in answer.text, (method, path)
    refs = set(json.dumps(spec).split('"#/components/schemas/')[1:])
    assert {ref.split('"')[0] for ref in refs} <= set(spec["components"]["schemas"])
