"""What the program says when there is no daemon, and what it can do without one."""

import os
import socket
import stat
import subprocess
from pathlib import Path

import pytest
from program import Program, environment

from intentcast.testing.samples import T0, Samples
from intentcastd.cli.exits import Exit

NEED_THE_DAEMON = [
    ("status",),
    ("status", "--watch"),
    ("down",),
    ("cast", "a pram", "--yes"),
    ("cast", "a pram", "--dry-run"),
    ("watch",),
    ("rfps",),
    ("rfps", "show"),
    ("rfps", "close", "r1"),
    ("offers",),
    ("offers", "compare"),
    ("offers", "show", "1"),
    ("relay",),
    ("relay", "line"),
    ("vendor", "status"),
    ("vendor", "init", "--name", "x", "--currency", "EUR", "--area", "AT"),
    ("vendor", "catalogue", "show"),
]


@pytest.mark.parametrize("words", NEED_THE_DAEMON, ids=" ".join)
def test_without_a_daemon_each_says_how_to_start_it(offline: Program, words: tuple[str, ...]) -> None:
    said = offline(*words, "--json")

    assert (said.code, said.out) == (Exit.NOT_RUNNING, "")
    assert said.error == {
        "ok": False,
        "error": {
            "code": "daemon.not_running",
            "message": "The daemon is not running.",
            "hint": f"Start it with: intentcast up --home {offline.home}",
        },
        "exit": 3,
    }


def test_a_socket_that_a_killed_daemon_left_is_no_daemon(offline: Program) -> None:
    offline.home.mkdir(mode=0o700)
    left = socket.socket(socket.AF_UNIX)
    left.bind(os.fspath(offline.home / "api.sock"))
    left.close()

    assert offline("status").code == Exit.NOT_RUNNING


def test_a_profile_that_others_can_write_to_is_not_spoken_to(offline: Program) -> None:
    offline.home.mkdir()
    offline.home.chmod(0o777)
    said = offline("status", "--json")

    assert (said.code, said.out) == (Exit.NOT_ALLOWED, "")
    assert said.error["error"]["code"] == "unsafe_place"


def test_the_version_is_told(offline: Program) -> None:
    said = offline("version", "--json")

    assert (said.code, said.err) == (0, "")
    assert said.json["schema"] == "intentcast.version/1"
    assert set(said.json["data"]) == {"version", "protocol", "python"}
    assert offline("version").out.startswith("intentcast ")


def test_the_doctor_has_three_answers(offline: Program) -> None:
    offline.home.mkdir(mode=0o755)
    offline.home.chmod(0o755)
    said = offline("doctor", "--json")
    answers = {check["name"]: check for check in said.json["data"]["checks"]}

    assert said.code == Exit.FAILED
    assert answers["python"]["answer"] == "yes"
    assert (answers["home"]["answer"], answers["home"]["fix"]) == ("no", f"chmod 700 {offline.home}")
    assert answers["daemon"]["answer"] == "no"
    assert {answers[name]["answer"] for name in ("key", "network", "relays", "skew")} == {"not measured"}
    assert all(check["fix"] for check in answers.values() if check["answer"] == "no")


def test_bytes_are_taken_apart_without_a_daemon(offline: Program, tmp_path: Path) -> None:
    samples = Samples()
    buyer = samples.buyer((samples.key().public,))
    file = tmp_path / "rfp.bin"
    file.write_bytes(buyer.data)
    at = ("--at", str(T0))

    raw = offline("wire", "decode", str(file), *at)
    digits = offline("wire", "decode", buyer.data.hex(), *at, "--json")
    piped = offline("wire", "decode", "-", *at, stdin=buyer.data.hex() + "\n")
    late = offline("wire", "decode", str(file), "--at", str(T0 + 10**6))
    broken = offline("wire", "decode", buyer.data[:-1].hex(), *at)

    assert (raw.code, raw.err) == (0, "")
    assert "ACCEPT" in raw.out
    assert raw.out == piped.out
    assert digits.json["schema"] == "intentcast.wire/1"
    assert (digits.json["data"]["verdict"], digits.json["data"]["kind"]) == ("accept", "rfp")
    assert digits.json["data"]["tree"]["parts"][3]["name"] == "expires"
    assert (late.code, "IGNORE ENV-5" in late.out) == (0, True)
    assert (broken.code, "REJECT ENV-1" in broken.out) == (Exit.UNVERIFIED, True)


def test_a_note_opens_with_its_key_from_a_file(offline: Program, tmp_path: Path) -> None:
    samples = Samples()
    buyer, vendor = samples.buyer((samples.key().public,)), samples.key()
    note = samples.note(buyer, vendor, samples.offer(bytes(32)).to_body())
    key = tmp_path / "box.key"
    key.write_text(buyer.box.secret.hex())

    said = offline("wire", "decode", note.hex(), "--secret-file", str(key), "--at", str(T0))

    assert said.code == 0
    assert '"Twin stroller"' in said.out
    assert buyer.box.secret.hex() not in said.out


@pytest.mark.parametrize(
    ("source", "code"), [("no-such-file.bin", Exit.NOT_FOUND), ("abc", Exit.USAGE), ("", Exit.USAGE)]
)
def test_what_is_neither_file_nor_hexadecimal_is_an_error(offline: Program, source: str, code: Exit) -> None:
    said = offline("wire", "decode", source)

    assert (said.code, said.out) == (code, "")


def test_a_reader_that_goes_away_leaves_no_traceback(offline: Program, tmp_path: Path) -> None:
    file = tmp_path / "many.bin"
    samples = Samples()
    from intentcast.wire.codec import write
    from intentcast.wire.frames import Post

    buyer = samples.buyer((samples.key().public,))
    file.write_bytes(write(Post(samples.note(buyer, samples.key(), b"\x80"))) * 400)
    command = " ".join(offline.command("wire", "decode", str(file)))

    done = subprocess.run(
        ["bash", "-c", f"{command} | head -n 1; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )

    assert done.stdout.splitlines()[0].strip().startswith("0000-")
    assert done.stdout.splitlines()[-1] == str(int(Exit.READER_GONE))
    assert done.stderr == ""


def test_the_program_makes_no_profile_by_asking(offline: Program) -> None:
    offline("status")
    offline("doctor")

    assert not offline.home.exists()


def test_a_profile_is_made_for_its_owner_alone(offline: Program) -> None:
    said = offline("up", "--join", "home", "--relay", "not a line")

    assert said.code == Exit.USAGE
    assert "relay:<64 hex digits>@<host>:<port>" in said.err
    assert stat.S_IMODE(offline.home.stat().st_mode) == 0o700
    assert not (offline.home / "config.toml").exists()
