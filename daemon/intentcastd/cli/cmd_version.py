"""`intentcast version`."""

from __future__ import annotations

from intentcastd.cli.commands import command
from intentcastd.cli.exits import Exit
from intentcastd.cli.session import Session, pass_session

PROTOCOL_VERSION = 1


@command("version", "intentcast version")
@pass_session
def version(session: Session) -> int:
    """Print the versions of the program, the protocol and Python."""
    import platform
    from importlib import metadata

    own, python = metadata.version("intentcast"), platform.python_version()
    if session.out.json:
        session.out.document("version", {"version": own, "protocol": PROTOCOL_VERSION, "python": python})
    else:
        session.out.line(f"intentcast {own}   protocol {PROTOCOL_VERSION}   Python {python}")
    return Exit.DONE
