"""A session's errors reach whoever opened it as they are, so that each caller can tell a refusal from a lost link."""

from __future__ import annotations

from pathlib import Path

import pytest
from market import open_market

from intentcast.wire.frames import Connect
from intentcastd.engine.session import Refused, SessionLost, open_session
from intentcastd.net.dial import dial


async def test_a_refusal_inside_a_session_is_raised_plainly_and_not_in_a_group(tmp_path: Path) -> None:
    async with open_market(tmp_path) as market:
        node = market.nodes[0]
        stream = await dial(node.address.host, node.address.port, node.key)

        with pytest.raises(Refused) as refused:
            async with open_session(stream, market.network, node.key) as session:
                await session.ask(Connect(bytes(32)))

        assert refused.value.error.code == "unknown_relay"


async def test_a_greeting_that_is_not_answered_is_raised_plainly_too(tmp_path: Path) -> None:
    async with open_market(tmp_path) as market:
        node = market.nodes[0]
        stream = await dial(node.address.host, node.address.port, node.key)
        await stream.aclose()

        with pytest.raises(SessionLost):
            async with open_session(stream, market.network, node.key):
                raise AssertionError("there is no session on a closed stream")
