"""`intentcast up`, `down` and `status`: the daemon itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intentcastd.cli.commands import command
from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import CommandFailed
from intentcastd.cli.session import Session, pass_session

if TYPE_CHECKING:
    from intentcastd.api.shapes import Status
    from intentcastd.cli.api_client import Api

NETWORKS = ("demo", "home", "public", "test")
_END_SECONDS = 15


@command("up", "intentcast up", "intentcast up --join home --relay relay:4f2a…@192.0.2.7:7117")
@click.option("--join", type=click.Choice(NETWORKS), help="Choose a network: only then is anybody contacted.")
@click.option("--relay", "relays", multiple=True, metavar="LINE", help="A relay to begin with; may be given again.")
@click.option("--serve-relay", is_flag=True, help="Be a relay for others.")
@click.option("--listen", metavar="HOST:PORT", help="Be a relay, and listen there.")
@click.option("--foreground", is_flag=True, help="Stay in the foreground, for service managers.")
@pass_session
def up(
    session: Session, join: str | None, relays: tuple[str, ...], serve_relay: bool, listen: str | None, foreground: bool
) -> int:
    """Start the daemon; without --join it contacts nobody.

    What is chosen here is written to config.toml and holds from then on.
    """
    from intentcastd.cli.api_client import listener, socket_of
    from intentcastd.cli.launch import daemon_command

    home = session.home
    place = _place(listen) if listen else None
    running = listener(socket_of(home))
    if running is not None:
        if serve_relay or listen or foreground:
            raise CommandFailed(
                "daemon.running",
                f"The daemon already runs (process {running}); this takes effect when it starts.",
                "Stop it first: intentcast down",
                Exit.NOT_ALLOWED,
            )
        return _change(session, join, relays)
    home.make()
    with _kept_if_it_starts(home.config_toml):
        _choose(session, join, relays, serve_relay or place is not None, place)
        if foreground:
            arguments = daemon_command(session.folder)
            os.execv(arguments[0], arguments)  # noqa: S606  # so that signals reach the daemon itself
        return _start(session)


@contextmanager
def _kept_if_it_starts(file: Path) -> Iterator[None]:
    """Put the settings back as they were where the daemon refuses them: the next start must not fail on them too."""
    before = file.read_bytes() if file.exists() else None
    try:
        yield
    except CommandFailed as failed:
        if failed.code == "daemon.failed":
            try:
                _put_back(file, before)
            except OSError as error:
                what = f"{failed.message} The settings in {file} could not be put back: {error.strerror}."
                raise CommandFailed(failed.code, what, failed.hint, failed.exit) from error
        raise


def _put_back(file: Path, before: bytes | None) -> None:
    from intentcastd.paths import write_atomically

    if before is None:
        file.unlink(missing_ok=True)
    elif file.read_bytes() != before:
        write_atomically(file, before)


def _change(session: Session, join: str | None, relays: tuple[str, ...]) -> int:
    """Tell a running daemon about another choice."""
    import msgspec

    from intentcastd.api.shapes import ChooseNetwork, Status

    with session.api() as api:
        status = api.get("/v1/status", Status)
        network = join or (status.network if relays else "")
        if network:
            choice = msgspec.convert({"network": network, "relays": relays}, ChooseNetwork)
            status = api.post("/v1/network", Status, choice)
        elif relays:
            raise click.UsageError("--relay goes with --join: no network is chosen yet.")
    session.out.note("The daemon was running already.")
    return _say(session, status, "up")


def _choose(
    session: Session, join: str | None, relays: tuple[str, ...], serve: bool, place: tuple[str, int] | None
) -> None:
    """Write the person's choices down."""
    import msgspec

    from intentcast.errors import Misuse
    from intentcast.records.relay_card import parse_relay_line
    from intentcastd import config

    for line in relays:
        try:
            parse_relay_line(line)
        except Misuse as error:
            raise CommandFailed(
                "relay.line", f"{line!r}: {error.reason}.", "Copy the whole line.", Exit.USAGE
            ) from error
    old = config.load(session.home, {})
    if not (join or relays or serve or place):
        return
    relay = msgspec.structs.replace(old.relay, enabled=old.relay.enabled or serve)
    if place is not None:
        relay = msgspec.structs.replace(relay, host=place[0], port=place[1])
    network = join or old.network
    # Relays of one network know nothing of another.
    known = old.seeds if network == old.network else ()
    seeds = tuple(dict.fromkeys((*known, *relays)))
    config.save(session.home, msgspec.structs.replace(old, network=network, seeds=seeds, relay=relay))


def _place(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise click.UsageError(f"--listen: {listen!r} is no HOST:PORT, such as 0.0.0.0:7117.")
    return host, int(port)


def _start(session: Session) -> int:
    from intentcastd.api.shapes import Status
    from intentcastd.cli.launch import READY_SECONDS, daemon_command, launch

    told = False

    def waited(seconds: float) -> None:
        nonlocal told
        if not told and seconds > 3:
            session.out.note("Waiting for the daemon to say that it is ready …")
            told = True

    session.out.note("Starting the daemon …")
    launch(session.home, daemon_command(session.folder), READY_SECONDS, waited)
    with session.api() as api:
        return _say(session, api.get("/v1/status", Status), "up")


def _say(session: Session, status: Status, schema: str) -> int:
    from intentcastd.cli.status_view import lines

    if session.out.json:
        session.out.document(schema, status)
    else:
        for line in lines(status):
            session.out.line(line)
    return Exit.DONE


@command("down", "intentcast down")
@pass_session
def down(session: Session) -> int:
    """Stop the daemon, and wait until it has ended. Nothing is lost: RFPs go on when it starts again."""
    import select

    from intentcastd.api.shapes import Stopping
    from intentcastd.cli.api_client import listener, socket_of
    from intentcastd.cli.failures import not_running

    pid = listener(socket_of(session.home))
    if pid is None:
        raise not_running()
    # A handle on this very process: its number could be given to another one meanwhile.
    process = os.pidfd_open(pid)
    try:
        with session.api() as api:
            api.post("/v1/stop", Stopping)
        ended, _, _ = select.select([process], [], [], _END_SECONDS)
    finally:
        os.close(process)
    if not ended:
        raise CommandFailed(
            "daemon.slow",
            f"The daemon (process {pid}) has not ended within {_END_SECONDS} seconds.",
            f"Look at it: intentcast doctor. To end it by force: kill -9 {pid}",
            Exit.TIMED_OUT,
        )
    if session.out.json:
        session.out.document("down", {"pid": pid})
    else:
        session.out.line("The daemon has ended.")
    return Exit.DONE


@command("status", "intentcast status", "intentcast status --watch")
@click.option("--watch", is_flag=True, help="Show it anew each time something happens.")
@pass_session
def status(session: Session, watch: bool) -> int:
    """Show how the daemon stands: its network, its roles, each connection and why it is there."""
    from intentcastd.api.shapes import Status

    with session.api() as api:
        if not watch:
            return _say(session, api.get("/v1/status", Status), "status")
        return _watch(session, api)


def _watch(session: Session, api: Api) -> int:
    from intentcastd.api.shapes import Status
    from intentcastd.cli.failures import went_away
    from intentcastd.cli.status_view import lines

    clear = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    with api.events() as events:
        for event in events:
            if event.event == "daemon.ending":
                break
            found = api.get("/v1/status", Status)
            if session.out.json:
                session.out.event("status", event.event, found)
                continue
            session.out.line(("\x1b[H\x1b[2J" if clear else "") + "\n".join(lines(found)))
    raise went_away()
