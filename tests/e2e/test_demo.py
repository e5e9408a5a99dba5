"""The demo as a person starts it: a real command, real processes, and nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import trio
from town import until

from intentcastd.cli.exits import Exit

# One market at a time: each is ten processes.
pytestmark = pytest.mark.xdist_group("market")

COMMAND = [sys.executable, "-m", "intentcastd.cli.main", "demo"]


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def processes_in(folder: str) -> list[str]:
    """Return the command lines that name a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if folder in words:
            found.append(words.replace("\0", " "))
    return found


async def test_the_demo_shows_offers_and_a_refusal_and_leaves_nothing(folder: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(folder)}
    with trio.fail_after(90):
        done = await trio.run_process(
            [*COMMAND, "--headless", "--json"], capture_stdout=True, capture_stderr=True, env=environment, check=False
        )

    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, events[-1]
    assert done.stderr == b""
    assert [event["event"] for event in events if event["event"] not in {"progress", "state"}][:3] == [
        "starting", "started", "cast",
    ]  # fmt: skip
    told = {event["event"]: event for event in events}
    offers = {event["offer"]["vendor"]["name"]: event for event in events if event["event"] == "offer"}
    assert set(offers) == {"Bargain Barn", "Quiet Co-op", "Nosy & Sons", "Small Print Ltd", "Late Lark"}
    assert [name for name, event in offers.items() if event["late"]] == ["Late Lark"]
    check_characters({name: event["offer"] for name, event in offers.items()})
    assert told["refused"]["code"] == "stamp"
    assert told["refused"]["bits"] > told["refused"]["stamped"]
    summary = events[-1]
    assert (summary["event"], summary["ok"], summary["offers"]) == ("summary", True, 5)
    assert 0 < summary["seconds_to_first_offer"] < 15
    assert {"guard relay", "Quiet Co-op", "Loudhailer Deals"} <= {one["who"] for one in summary["who_learned"]}
    assert names_in(folder) == []
    assert processes_in(str(folder)) == []


def check_characters(offers: dict[str, dict[str, Any]]) -> None:
    """Each vendor shows what it is there for."""

    def best(name: str) -> dict[str, Any]:
        offer = offers[name]
        option: dict[str, Any] = next(one for one in offer["options"] if one["id"] == offer["best_option"])
        return option

    early = {name: best(name)["landed"] for name in offers if name != "Late Lark"}
    totals = {name: landed["total"]["minor"] for name, landed in early.items() if landed["total"]}
    assert min(totals, key=lambda name: totals[name]) == "Bargain Barn"
    assert offers["Quiet Co-op"]["terms"] == {"accept": "SD-BASE-DP"}
    assert offers["Quiet Co-op"]["asks"] == []
    assert {"field": "birth_year", "purpose": "marketing"} in offers["Nosy & Sons"]["asks"]
    assert early["Small Print Ltd"]["total"] is None
    assert early["Small Print Ltd"]["missing"] == ["fee handling"]


def started(environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], str]:
    """Start a demo that stays; return it and its folder once all is up."""
    demo = subprocess.Popen([*COMMAND, "--json"], stdout=subprocess.PIPE, env=environment)
    assert demo.stdout is not None
    for line in demo.stdout:
        event = json.loads(line)
        if event["event"] == "started":
            return demo, str(event["folder"])
    raise AssertionError(f"the demo ended with {demo.wait()}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_whoever_ends_the_demo_finds_nothing_of_it(folder: Path, number: signal.Signals) -> None:
    demo, place = await trio.to_thread.run_sync(started, {**os.environ, "TMPDIR": str(folder)})
    assert len(processes_in(place)) >= 8

    demo.send_signal(number)
    with demo, trio.fail_after(30):
        code = await trio.to_thread.run_sync(demo.wait)

    assert code == 130
    assert processes_in(place) == []
    assert names_in(folder) == []


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_demo_that_nobody_reads_any_more_ends_in_order(folder: Path, form: list[str]) -> None:
    environment = {**os.environ, "TMPDIR": str(folder)}
    demo = subprocess.Popen([*COMMAND, *form], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    assert demo.stdout is not None

    assert demo.stderr is not None

    demo.stdout.readline()
    demo.stdout.close()
    with demo:
        said = demo.stderr.read()
        code = demo.wait(60)

    assert (code, said) == (Exit.READER_GONE, b"")
    assert processes_in(str(folder)) == []
    assert names_in(folder) == []


async def test_no_daemon_outlives_a_supervisor_that_is_killed(folder: Path) -> None:
    demo, place = await trio.to_thread.run_sync(started, {**os.environ, "TMPDIR": str(folder)})
    assert len(processes_in(place)) >= 8

    demo.kill()
    with demo:
        demo.wait()

    async def left() -> list[str]:
        return processes_in(place)

    await until(left, lambda processes: processes == [], seconds=10)
    shutil.rmtree(place)


async def test_a_folder_to_keep_is_kept_and_one_in_use_is_refused(folder: Path) -> None:
    keep = folder / "kept"
    with trio.fail_after(90):
        done = await trio.run_process(
            [*COMMAND, "--headless", "--json", "--keep", str(keep), "wheel rims for a 1967 Peugeot 404"],
            capture_stdout=True,
        )
        again = await trio.run_process(
            [*COMMAND, "--headless", "--json", "--keep", str(keep)], check=False, capture_stderr=True
        )

    assert json.loads(done.stdout.splitlines()[-1])["offers"] >= 3
    assert (keep / "buyer" / "intentcast.db").exists()
    assert again.returncode == 2
    assert json.loads(again.stderr)["error"]["code"] == "demo.folder_in_use"


async def test_a_need_that_nobody_can_read_ends_with_the_reason() -> None:
    with trio.fail_after(60):
        done = await trio.run_process(
            [*COMMAND, "--headless", "--json", "xyzzy plugh"], capture_stdout=True, check=False
        )

    summary = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 1
    assert summary["ok"] is False
    assert "what kind of thing" in summary["reason"]
