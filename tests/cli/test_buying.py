"""From a need to offers on the command line."""

import os
import pty
import select
import signal
import subprocess
from collections.abc import Callable

import pytest
from program import Program, environment

from intentcastd.cli.exits import Exit

NEED = "twin pram, Leeds, today"


def test_a_dry_run_shows_both_columns_and_sends_nothing(program: Program) -> None:
    said = program("cast", NEED, "--dry-run")

    assert said.code == 0
    assert "STAYS HOME" in said.out
    assert "THE NETWORK SEES" in said.out
    assert "up to 400.00 GBP" in said.out
    assert "Leeds, GB" in said.out
    assert "about 4,200 people" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    assert program("rfps", "--json").json["data"] == {"rfps": []}


def test_a_dry_run_in_json_is_one_object(program: Program) -> None:
    said = program("cast", NEED, "--dry-run", "--json")

    assert (said.json["ok"], said.json["schema"]) == (True, "intentcast.preview/1")
    assert said.json["data"]["public"]["category"] == "bt-6-3-2"
    assert said.err == ""


def test_nothing_is_sent_without_a_yes(program: Program) -> None:
    for arguments in ((NEED,), (NEED, "--no-input"), (NEED, "--json")):
        said = program("cast", *arguments)

        assert (said.code, said.out) == (Exit.USAGE, "")
        assert "--yes" in said.err
    assert program("rfps", "--json").json["data"] == {"rfps": []}


def test_offers_come_until_there_are_enough(program: Program) -> None:
    said = program("cast", NEED, "--yes", "--until", "2")

    assert said.code == 0
    assert "offer 1  Pedal & Co" in said.out
    assert "194.00 GBP all in" in said.out
    assert "179.00 GBP + ship not stated" in said.out
    assert "asks to know: nothing" in said.out
    assert "r1 is saved" in said.err


def test_a_cast_in_json_is_a_stream(program: Program) -> None:
    said = program("cast", NEED, "--yes", "--until", "3", "--json")
    events = [line["event"] for line in said.lines]

    assert said.code == 0
    assert {line["schema"] for line in said.lines} == {"intentcast.cast/1"}
    assert events[:2] == ["preview", "rfp"]
    assert events.count("offer") == 3
    assert events[-1] == "end"
    assert said.lines[-1]["data"]["offers"] == 3


def test_a_cast_that_does_not_wait_says_its_name(program: Program) -> None:
    said = program("cast", NEED, "--yes", "--no-watch", "--quiet")
    again = program("cast", NEED, "--yes", "--no-watch", "--json")

    assert (said.out, said.err) == ("r1\n", "")
    assert (again.json["schema"], again.json["data"]["id"]) == ("intentcast.cast/1", "r2")


def test_patience_ends_with_what_there_is(program: Program) -> None:
    said = program("cast", NEED, "--yes", "--until", "9", "--timeout", "0.2", "--json")
    watched = program("watch", "--timeout", "0.1")
    at_once = program("watch", "r1", "--timeout", "0")

    assert said.code == Exit.TIMED_OUT
    assert [line["event"] for line in said.lines].count("offer") == 3
    assert said.lines[-1]["data"] == {
        "id": "r1",
        "state": "timeout",
        "reason": None,
        "offers": 3,
        "refused": 1,
        "exit": 7,
    }
    assert (watched.code, watched.out.count("offer ")) == (Exit.TIMED_OUT, 3)
    assert at_once.code == Exit.TIMED_OUT


def test_an_rfp_that_no_relay_takes_is_a_network_error(daemons: Callable[..., Program]) -> None:
    said = daemons("--rfp-fails")("cast", NEED, "--yes")

    assert said.code == Exit.NETWORK
    assert "no relay took it" in said.err


def test_a_refusal_that_protects_has_its_own_code(program: Program) -> None:
    said = program("cast", NEED, "--words", "write to ada@example.org", "--yes", "--json")

    assert (said.code, said.out) == (Exit.PROTECTED, "")
    assert said.error["error"]["code"] == "privacy.contact"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        (NEED, "--ttl", "soon"),
        (NEED, "--ttl", "1s"),
        (NEED, "--detail", "seats"),
        (NEED, "--quantity", "many"),
        (NEED, "--code", "12ab"),
        (NEED, "--country", "Britain"),
        (NEED, "--until", "0"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(offline: Program, arguments: tuple[str, ...]) -> None:
    said = offline("cast", *arguments, "--dry-run")

    assert (said.code, said.out) == (Exit.USAGE, "")


def test_details_are_typed() -> None:
    from intentcastd.cli.cast_request import detail

    assert [detail(text) for text in ("2", "-1", "yes", "no", "M", "2.50 KGM", "2.50 kg", "10.5")] == [
        2,
        -1,
        True,
        False,
        "M",
        {"value": 250, "unit": "KGM", "scale": 2},
        "2.50 kg",
        "10.5",
    ]


def test_the_latest_rfp_is_meant_where_none_is_named(program: Program) -> None:
    program("cast", NEED, "--yes", "--no-watch")
    program("cast", "another", "--yes", "--no-watch")

    assert program("rfps", "show", "--json").json["data"]["id"] == "r2"
    assert "Watching r2, the latest." in program("watch", "--until", "1").err
    assert [rfp["id"] for rfp in program("rfps", "list", "--json").json["data"]["rfps"]] == ["r2", "r1"]


def test_a_closed_rfp_is_closed_once(program: Program) -> None:
    program("cast", NEED, "--yes", "--no-watch")
    first = program("rfps", "close", "r1", "--reason", "filled")
    second = program("rfps", "close", "r1", "--json")

    assert (first.code, first.out) == (0, "r1 is closed\n")
    assert (second.code, second.out, second.error["error"]["code"]) == (Exit.GONE, "", "gone.rfp")
    assert program("watch", "r1").code == 0


def test_what_is_not_there_is_not_found(program: Program) -> None:
    program("cast", NEED, "--yes", "--no-watch")
    for words in ("rfps show r9", "watch r9", "offers list r9", "offers show 9", f"offers show {'ab' * 32}"):
        said = program(*words.split())

        assert (said.code, said.out) == (Exit.NOT_FOUND, ""), words


def test_offers_side_by_side_say_what_is_best_in_a_word(program: Program) -> None:
    program("cast", NEED, "--yes", "--no-watch")
    said = program("offers", "compare", COLUMNS="200")
    rows = {line.split("│")[1].strip(): line for line in said.out.splitlines() if line.startswith("│")}

    assert said.code == 0
    assert "194.00 GBP (best)" in rows["total"]
    assert "not stated (at least 179.00 GBP)" in rows["total"]
    assert "vendor's own total differs" in rows["total"]
    assert rows["shipping"].count("not stated") == 1
    assert "+16.00 GBP" in rows["above best"]
    assert "2 of 2 (best)" in rows["meets"]
    assert "1 of 2 (not seats)" in rows["meets"]
    assert "nothing (best)" in rows["asks to know"]
    assert "(best)" not in rows["condition"]


def test_a_narrow_terminal_gets_the_comparison_in_pieces(program: Program) -> None:
    program("cast", NEED, "--yes", "--no-watch")
    said = program("offers", "compare", COLUMNS="80")

    assert max(map(len, said.out.splitlines())) <= 80
    assert said.out.count("total") >= 2


def test_one_offer_is_shown_by_number_and_by_id(program: Program) -> None:
    program("cast", NEED, "--yes", "--no-watch")
    by_number = program("offers", "show", "2")
    by_id = program("offers", "show", "02" * 32)

    assert by_number.out == by_id.out
    assert "shipping   not stated" in by_number.out
    assert "total      not stated (known: 179.00 GBP)" in by_number.out


def test_a_hostile_vendor_moves_no_cursor_and_hides_nothing(program: Program) -> None:
    program("cast", NEED, "--yes", "--no-watch")
    for words in (("offers", "list"), ("offers", "show", "3"), ("offers", "compare"), ("watch", "--until", "3")):
        for said in (program(*words, "--color", "always"), program(*words, "--json")):
            for evil in ("\x1b[2J", "\u202e", "\u009b"):
                assert evil not in said.out, words
        said = program(*words, "--color", "never", COLUMNS="200")
        assert "\x1b" not in said.out
        assert "[bold red]Shop" in said.out


def test_ctrl_c_ends_the_waiting_and_nothing_else(daemons: Callable[..., Program]) -> None:
    program = daemons("--silent")
    process = subprocess.Popen(
        program.command("cast", NEED, "--yes"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "Ctrl-C is safe" in line:
            break
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=20)

    assert process.returncode == Exit.INTERRUPTED
    assert "Traceback" not in rest
    assert program("rfps", "show", "--json").json["data"]["state"] == "live"


def test_a_daemon_that_ends_tells_who_waits(daemons: Callable[..., Program]) -> None:
    program = daemons("--silent")
    process = subprocess.Popen(
        program.command("cast", NEED, "--yes"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "Ctrl-C is safe" in line:
            break
    assert program("down").code == 0
    _, rest = process.communicate(timeout=20)

    assert process.returncode == Exit.NOT_RUNNING
    assert "The daemon ended" in rest


def on_a_terminal(program: Program, answer: bytes, *arguments: str) -> tuple[int, str]:
    """Run a command on a terminal and give an answer when it asks."""
    pid, terminal = pty.fork()
    if pid == 0:
        command = program.command(*arguments)
        os.execve(command[0], command, environment(TERM="xterm"))
    said = b""
    while select.select([terminal], [], [], 30)[0]:
        try:
            piece = os.read(terminal, 65_536)
        except OSError:
            break
        said += piece
        if b"[y/N]" in piece:
            os.write(terminal, answer + b"\n")
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.decode()


def test_a_person_is_asked_and_may_say_no(program: Program) -> None:
    code, said = on_a_terminal(program, b"n", "cast", NEED)

    assert code == Exit.FAILED
    assert "Send this?" in said
    assert "Nothing was sent." in said
    assert program("rfps", "--json").json["data"] == {"rfps": []}


def test_a_person_who_says_yes_sees_offers(program: Program) -> None:
    code, said = on_a_terminal(program, b"y", "cast", NEED, "--until", "3")

    assert code == 0
    assert "offer 3" in said
    assert "\x1b[2J" not in said


def test_colours_are_a_choice(program: Program) -> None:
    program("cast", NEED, "--yes", "--no-watch")
    compare = ("offers", "compare", "--color", "always")

    assert "\x1b[" in program(*compare).out
    assert "\x1b[3" not in program(*compare, NO_COLOR="1").out
    assert "\x1b" not in program("offers", "compare").out
