"""What holds for one run of the program: which profile, how to speak, whether to ask."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intentcastd.cli.exits import Exit
from intentcastd.cli.failures import CommandFailed
from intentcastd.cli.output import Output

if TYPE_CHECKING:
    from intentcastd.cli.api_client import Api
    from intentcastd.paths import Home


class Session:
    """The choices that go with every command."""

    def __init__(self) -> None:
        self.out = Output()
        self.folder: Path | None = None
        self.no_input = False

    @property
    def home(self) -> Home:
        """The profile: --home, else INTENTCAST_HOME, else the usual folders."""
        from intentcastd.paths import Home

        return Home.at(self.folder) if self.folder is not None else Home.default()

    def api(self) -> Api:
        """Return the client of the running daemon.

        Raises:
            CommandFailed: there is none, or its socket is not to be trusted.
        """
        from intentcastd.cli.api_client import Api, socket_of

        return Api(socket_of(self.home))

    @property
    def may_ask(self) -> bool:
        """Whether somebody is there to answer a question."""
        return not self.no_input and sys.stdin.isatty()

    def confirm(self, question: str, flag: str) -> bool:
        """Ask for a yes.

        Raises:
            CommandFailed: nobody is there to answer; the message names the flag that says yes.
        """
        self.require_answer(flag)
        return click.confirm(question, default=False, err=True)

    def require_answer(self, flag: str) -> None:
        """Fail at once where a question will come and nobody is there to answer it."""
        if not self.may_ask:
            raise CommandFailed(
                "input.needed",
                "This asks before it goes on, and nobody is there to answer.",
                f"Say yes beforehand with {flag}",
                Exit.USAGE,
            )


pass_session = click.make_pass_decorator(Session, ensure=True)
