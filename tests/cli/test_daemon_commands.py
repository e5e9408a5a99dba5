"""Starting, asking and stopping the daemon; the shop; the doctor."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from program import PRETEND_DAEMON, Program, environment

from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import CommandFailed
from intentcastd.cli.launch import first_words, launch
from intentcastd.paths import Home


def test_the_status_is_told_in_words_and_in_json(program: Program) -> None:
    words = program("status")
    data = program("--json", "status").json

    assert words.out.startswith("All is well: 1 guard answers.\n")
    assert "192.0.2.7:7117: guard" in words.out
    assert words.err == ""
    assert (data["schema"], data["data"]["network"]) == ("intentcast.status/1", "demo")


def test_the_status_is_watched_until_the_daemon_ends(program: Program) -> None:
    process = subprocess.Popen(
        program.command("status", "--watch", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    program("cast", "x", "--yes", "--no-watch")
    second = process.stdout.readline()
    program("down")
    process.communicate(timeout=20)

    assert '"event":"heartbeat"' in first
    assert '"event":"rfp.state"' in second
    assert process.returncode == Exit.NOT_RUNNING


def test_down_returns_when_the_daemon_has_ended(program: Program) -> None:
    said = program("down", "--json")
    pid = said.json["data"]["pid"]

    assert said.code == 0
    # The test is the daemon's parent and has not asked after it yet, so it may remain as a name without a process.
    assert Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z" if Path(f"/proc/{pid}").exists() else True
    assert program("down").code == Exit.NOT_RUNNING


def test_up_leaves_a_running_daemon_alone_and_tells_it_the_choice(program: Program) -> None:
    same = program("up", "--json")
    joined = program("up", "--join", "home", "--json")
    late = program("up", "--serve-relay")

    assert same.json["data"]["network"] == "demo"
    assert joined.json["data"]["network"] == "home"
    assert late.code == Exit.NOT_ALLOWED
    assert "intentcast down" in late.err


@pytest.mark.parametrize("listen", ["7117", "host:", "host:99999", ":7117"])
def test_a_place_to_listen_has_host_and_port(offline: Program, listen: str) -> None:
    assert offline("up", "--listen", listen).code == Exit.USAGE


def pretended(home: Home, *flags: str) -> list[str]:
    return [sys.executable, str(PRETEND_DAEMON), str(home.root), *flags]


def test_a_started_daemon_outlives_its_starter_in_a_session_of_its_own(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    home.make()
    pid = launch(home, pretended(home), 30, lambda seconds: None)
    program = Program(home.root)

    assert program("status").code == 0
    assert os.getsid(pid) == pid
    assert program("down").code == 0
    os.waitpid(pid, 0)


def test_a_daemon_that_fails_is_quoted_and_its_code_kept(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    home.make()
    with pytest.raises(CommandFailed) as failed:
        launch(home, pretended(home, "--fails", "The port is taken.", "9"), 30, lambda seconds: None)

    assert failed.value.exit == Exit.NOT_ALLOWED
    assert "exit code 9" in failed.value.message
    assert "The port is taken." in failed.value.message
    assert first_words(home).stat().st_mode & 0o077 == 0


def test_a_daemon_that_is_never_ready_is_not_waited_for_without_end(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    home.make()
    with pytest.raises(CommandFailed) as failed:
        launch(home, pretended(home, "--never-ready"), 0.3, lambda seconds: None)
    pid = int(failed.value.message.split("process ")[1].split(")")[0])
    os.kill(pid, 15)
    os.waitpid(pid, 0)

    assert failed.value.exit == Exit.TIMED_OUT


def test_the_ready_word_of_an_earlier_daemon_is_not_believed(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    home.make()
    home.ready_json.write_text('{"pid": 1, "socket": "/nowhere"}')
    with pytest.raises(CommandFailed, match="exit code 3"):
        launch(home, pretended(home, "--fails", "no", "3"), 30, lambda seconds: None)


def test_the_real_daemon_starts_and_ends(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    started = program("up", "--json")
    try:
        status = program("status", "--json")
        second = program("up", "--json")
        healthy = {check["name"]: check["answer"] for check in program("doctor", "--json").json["data"]["checks"]}
    finally:
        ended = program("down")

    assert (started.code, started.err) == (0, "")
    assert started.json["schema"] == "intentcast.up/1"
    assert (status.json["data"]["network"], status.json["data"]["peers"]) == ("", [])
    assert second.code == 0
    assert {healthy[name] for name in ("home", "key", "store", "daemon", "socket", "specs")} == {"yes"}
    assert healthy["network"] == "no"
    assert (ended.code, program("status").code) == (0, Exit.NOT_RUNNING)


def test_the_real_daemon_refuses_settings_that_it_does_not_know(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    program.home.mkdir(mode=0o700)
    (program.home / "config.toml").write_text('netwrok = "home"\n')
    said = program("up", "--json")

    assert (said.code, said.out) == (Exit.USAGE, "")
    assert "`network`" in said.error["error"]["message"] + said.error["error"]["hint"]


def test_settings_that_the_daemon_refuses_are_not_kept(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    first = program("up", "--join", "public", "--json")
    again = program("up")
    program("down")

    assert (first.code, first.out) == (Exit.PROTECTED, "")
    assert again.code == 0
    assert "none chosen" in again.out


def test_in_the_foreground_it_is_the_daemon_itself_that_is_told_to_end(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    process = subprocess.Popen(
        program.command("up", "--foreground"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    while not (program.home / "ready.json").exists() and process.poll() is None:
        os.sched_yield()
    pid = json.loads((program.home / "ready.json").read_bytes())["pid"]
    process.terminate()
    process.communicate(timeout=30)

    assert pid == process.pid
    assert process.returncode == 0


def test_a_daemon_that_is_no_relay_says_so(program: Program) -> None:
    said = program("relay", "line", "--json")

    assert (said.code, said.out, said.error["error"]["code"]) == (Exit.NOT_FOUND, "", "relay.none")


def test_the_doctor_is_content_with_a_daemon_that_is_well(program: Program) -> None:
    said = program("doctor")

    assert said.code == 0
    assert "ok relays can be reached: yes" in said.out
    assert "0 no" in said.out


def test_a_shop_is_opened_once(program: Program) -> None:
    init = ("vendor", "init", "--name", "Pedal & Co", "--currency", "eur", "--area", "AT-9", "--area", "GB:Leeds")
    none, first, second, forced = program("vendor", "status"), program(*init), program(*init), program(*init, "--force")

    assert none.code == Exit.NOT_FOUND
    assert first.code == 0
    assert first.out.startswith("Pedal & Co: 3 items")
    assert second.code == Exit.GONE
    assert forced.code == 0
    assert program("vendor", "init", "--name", "x", "--currency", "EUR", "--area", "Austria").code == Exit.USAGE


def test_an_import_says_what_it_would_do_and_names_bad_rows(program: Program, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("Handle,Title,Price\n" + "a,b,1\n" * 3)
    bad.write_text("Handle,Title,Price\na,b,1\nc,d,?\n")

    dry = program("vendor", "catalogue", "import", str(good))
    real = program("vendor", "catalogue", "import", str(good), "--apply", "--decimal", "comma", "--json")
    partly = program("vendor", "catalogue", "import", str(bad))
    missing = program("vendor", "catalogue", "import", str(tmp_path / "none.csv"))

    assert (dry.code, "dry run" in dry.err) == (0, True)
    assert (real.json["schema"], real.json["data"]["applied"]) == ("intentcast.import/1", True)
    assert partly.code == Exit.PARTLY
    assert 'line 3 column "Price"' in partly.out
    assert missing.code == Exit.USAGE


def test_the_catalogue_is_shown(program: Program) -> None:
    assert "189.00 GBP" in program("vendor", "catalogue", "show").out
    assert program("vendor", "catalogue", "show", "--json").json["data"]["items"] == 3


def test_each_json_answer_is_one_object_with_its_schema(program: Program) -> None:
    program("cast", "x", "--yes", "--no-watch")
    for words in (
        ("status",),
        ("rfps",),
        ("rfps", "show"),
        ("offers",),
        ("offers", "show", "1"),
        ("doctor",),
        ("version",),
    ):
        said = program(*words, "--json")

        assert said.out.count("\n") == 1
        assert (said.json["ok"], set(said.json)) == (True, {"ok", "schema", "data"})
        assert said.json["schema"].startswith("intentcast.")
        assert said.err == ""


def test_a_reader_that_goes_away_ends_a_stream_quietly(daemons: Callable[..., Program]) -> None:
    program = daemons()
    program("cast", "x", "--yes", "--no-watch")
    command = " ".join(program.command("watch", "--until", "3"))
    done = subprocess.run(
        ["bash", "-c", f"{command} | head -n 0"],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=30,
        check=False,
    )

    assert "Traceback" not in done.stderr


def test_a_lost_store_and_a_broken_shop_are_named_and_nothing_is_made_anew(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    assert program("up").code == 0
    program("down")
    (program.home / "vendor.toml").write_bytes(b"")
    shop = program("up", "--join", "home")
    refused = program("vendor", "status")
    program("down")
    (program.home / "intentcast.db").write_bytes(b"")
    lost = program("up")
    checks = {check["name"]: check["answer"] for check in program("doctor", "--json").json["data"]["checks"]}

    assert shop.code == 0
    assert "The shop is closed" in shop.out
    assert "vendor.toml" in refused.err
    assert (lost.code, "Traceback" in lost.err, "from a backup" in lost.err) == (Exit.NOT_ALLOWED, False, True)
    assert checks["store"] == "no"
    assert (program.home / "intentcast.db").read_bytes() == b""


def test_a_group_without_a_command_prints_its_help(offline: Program) -> None:
    said = offline("vendor")

    assert (said.code, said.out) == (Exit.USAGE, "")
    assert "Commands:\n" in said.err
