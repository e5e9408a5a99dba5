"""The list of categories over the API: larger than other bodies, and still bounded."""

import pytest
from served_api import Served

from intentcastd.data import official


async def test_a_list_is_taken_as_it_is(served: Served) -> None:
    answer = await served.unix.post("/v1/taxonomy", content=b"one\n" * 100_000)

    assert answer.status_code == 200
    assert answer.json()["imported"] == 100_000


async def test_the_list_in_use_is_shown(served: Served) -> None:
    answer = await served.unix.get("/v1/taxonomy")

    assert answer.json() == {"ours": 1691, "imported": 0, "edition": "", "added": 0}


async def test_a_list_without_end_is_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(official, "MAX_BYTES", 1000)

    answer = await served.unix.post("/v1/taxonomy", content=b"x" * 2000)

    assert (answer.status_code, answer.json()["code"]) == (413, "body.too_large")
