"""The program `intentcast`: its commands, and the one place where errors become exit codes.

Nothing heavy is imported before a command needs it: shell completion starts the program at each key.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from intentcastd.cli import cmd_vendor_map as _vendor_map  # noqa: F401
from intentcastd.cli import cmd_vendor_match as _vendor_match  # noqa: F401
from intentcastd.cli.cmd_cast import cast
from intentcastd.cli.cmd_daemon import down, status, up
from intentcastd.cli.cmd_demo import demo
from intentcastd.cli.cmd_doctor import doctor
from intentcastd.cli.cmd_offers import offers
from intentcastd.cli.cmd_relay import relay
from intentcastd.cli.cmd_rfps import rfps, watch
from intentcastd.cli.cmd_taxonomy import taxonomy
from intentcastd.cli.cmd_vendor import vendor
from intentcastd.cli.cmd_version import version
from intentcastd.cli.cmd_wire import wire
from intentcastd.cli.commands import group
from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import CommandFailed, ReaderGone
from intentcastd.cli.session import Session
from intentcastd.errors import IntentcastdError, refused_by_disk


@group("intentcast", "intentcast demo", 'intentcast cast "twin pram, Leeds, today" --dry-run')
def app() -> None:
    """Say once what you need; the shops that can serve it answer with sealed offers."""


for _command in (up, down, status, demo, doctor, cast, watch, rfps, offers, relay, taxonomy, vendor, wire, version):
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
    except click.exceptions.NoArgsIsHelpError as error:
        if session.out.json or error.ctx is None:
            return _failed(session, CommandFailed("usage", "A command is missing.", "Add --help.", Exit.USAGE))
        sys.stderr.write(error.ctx.get_help() + "\n")
        return Exit.USAGE
    except click.ClickException as error:
        return _failed(session, _usage(error))
    except IntentcastdError as error:
        return _failed(session, CommandFailed(error.code, error.message, error.hint, error.exit))
    except Exception as error:  # noqa: BLE001  # --debug shows it whole
        return _failed(session, _unforeseen(error))


def _run(given: Sequence[str], session: Session) -> int:
    code = app.main(given, prog_name="intentcast", standalone_mode=False, obj=session)
    sys.stdout.flush()
    return int(code or Exit.DONE)


def _unforeseen(error: Exception) -> CommandFailed:
    """Say in words what no command has foreseen."""
    if full := refused_by_disk(error):
        return CommandFailed(full.code, full.message, full.hint, full.exit)
    if isinstance(error, OSError) and error.strerror:
        what = f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
        return CommandFailed("system", f"The system refused. {what}", "Look what is there: intentcast doctor")
    what = f"This program made a mistake ({type(error).__name__})."
    return CommandFailed("internal", what, "Run the command again with --debug, and report what it shows.")


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
