"""The program `intentcast`: its commands, and the one place where errors become exit codes.

Nothing heavy is imported before a command needs it: shell completion starts the program at each key.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from intentcastd.cli.cmd_cast import cast
from intentcastd.cli.cmd_daemon import down, status, up
from intentcastd.cli.cmd_demo import demo
from intentcastd.cli.cmd_doctor import doctor
from intentcastd.cli.cmd_offers import offers
from intentcastd.cli.cmd_relay import relay
from intentcastd.cli.cmd_rfps import rfps, watch
from intentcastd.cli.cmd_vendor import vendor
from intentcastd.cli.cmd_version import version
from intentcastd.cli.cmd_wire import wire
from intentcastd.cli.commands import group
from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import CommandFailed, ReaderGone
from intentcastd.cli.session import Session
from intentcastd.errors import IntentcastdError


@group("intentcast", "intentcast demo", 'intentcast cast "twin pram, Leeds, today" --dry-run')
def app() -> None:
    """Say once what you need; the shops that can serve it answer with sealed offers."""


for _command in (up, down, status, demo, doctor, cast, watch, rfps, offers, relay, vendor, wire, version):
    app.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    session = Session()
    # Also a command line that cannot be read is answered in the form that it asks for.
    session.out.json = "--json" in given
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    if "--debug" in given:
        return _run(given, session)
    try:
        return _run(given, session)
    except (ReaderGone, BrokenPipeError):
        # What is still buffered must not be tried again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.READER_GONE
    except (KeyboardInterrupt, click.Abort):
        return _failed(session, CommandFailed("interrupted", "Interrupted.", "What runs in the daemon goes on.", 130))
    except CommandFailed as error:
        return _failed(session, error)
    except click.ClickException as error:
        return _failed(session, _usage(error))
    except IntentcastdError as error:
        return _failed(session, CommandFailed(error.code, error.message, error.hint, error.exit))


def _run(given: Sequence[str], session: Session) -> int:
    code = app.main(given, prog_name="intentcast", standalone_mode=False, obj=session)
    sys.stdout.flush()
    return int(code or Exit.DONE)


def _usage(error: click.ClickException) -> CommandFailed:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "intentcast"
    return CommandFailed("usage", error.format_message(), f"See: {path} --help", Exit.USAGE)


def _failed(session: Session, failed: CommandFailed) -> int:
    with suppress(ReaderGone):
        session.out.fail(failed)
    return int(failed.exit)


if __name__ == "__main__":
    raise SystemExit(main())
