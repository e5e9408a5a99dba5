"""What a command says: data on stdout, everything else on stderr; for people, or as JSON.

--json    one object {"ok": true, "schema": "intentcast.status/1", "data": …}; streams are one object a line
errors    on stderr: {"ok": false, "error": {"code", "message", "hint"}, "exit": 3}
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TextIO

from intentcastd.cli.failures import CommandFailed, ReaderGone
from intentcastd.cli.safe_text import safe, safe_json

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

SCHEMA_VERSION = 1
# The commands that speak with a daemon, as they stand in hints.
_COMMAND = re.compile(r"\bintentcast (?:up|down|status|doctor|cast|watch|rfps|offers|relay|taxonomy|vendor)\b")


class Output:
    """Where a command's words go, and in which form."""

    def __init__(self) -> None:
        self.json = False
        self.quiet = False
        self.color = "auto"
        self.folder: str | None = None
        """What --home said: commands that are told to people must carry it."""

    # ---- data, on stdout

    def document(self, name: str, data: object) -> None:
        """Write the one object of a command (--json)."""
        self._write(sys.stdout, _json({"ok": True, "schema": f"intentcast.{name}/{SCHEMA_VERSION}", "data": data}))

    def event(self, name: str, event: str, data: object) -> None:
        """Write one line of a stream (--json)."""
        schema = f"intentcast.{name}/{SCHEMA_VERSION}"
        self._write(sys.stdout, _json({"ok": True, "schema": schema, "event": event, "data": data}))

    def line(self, text: str = "") -> None:
        """Write one line for people. The caller has made strangers' words safe."""
        self._write(sys.stdout, text)

    def show(self, *things: RenderableType, stream: TextIO | None = None) -> None:
        """Write tables and the like."""
        stream = stream or sys.stdout
        console = self.console(stream)
        try:
            for thing in things:
                console.print(thing, markup=False, highlight=False, emoji=False)
            stream.flush()
        except BrokenPipeError:
            raise ReaderGone from None

    # ---- everything else, on stderr

    def note(self, text: str) -> None:
        """Say something that is not the answer; nothing with --quiet or --json."""
        if not self.quiet and not self.json:
            self._write(sys.stderr, self.hint(text))

    def hint(self, text: str) -> str:
        """Return a text whose commands go to the same profile as this one."""
        if self.folder is None:
            return text
        import shlex

        return _COMMAND.sub(lambda match: f"{match[0]} --home {shlex.quote(self.folder or '')}", text)

    def fail(self, failed: CommandFailed) -> None:
        """Say why the command failed."""
        hint = self.hint(failed.hint)
        if self.json:
            error = {"code": failed.code, "message": failed.message, "hint": hint}
            self._write(sys.stderr, _json({"ok": False, "error": error, "exit": int(failed.exit)}))
        else:
            self._write(sys.stderr, f"error: {safe(failed.message, 2_000)}\n  {safe(hint, 2_000)}")

    # ---- how

    @property
    def interactive(self) -> bool:
        """Whether somebody sees progress: a terminal that can, and no --quiet."""
        return sys.stderr.isatty() and not self.quiet and not self.json and os.environ.get("TERM") != "dumb"

    def console(self, stream: TextIO) -> Console:
        """Return a console that knows whether colours are wanted."""
        from rich.console import Console

        class Plain(Console):
            def on_broken_pipe(self) -> None:
                # The inherited one ends the process with code 1.
                raise ReaderGone

        never = bool(os.environ.get("NO_COLOR")) or self.color == "never"
        force = True if self.color == "always" and not never else None
        return Plain(file=stream, no_color=never, force_terminal=force, highlight=False, markup=False, emoji=False)

    @staticmethod
    def _write(stream: TextIO, text: str) -> None:
        try:
            stream.write(text + "\n")
            stream.flush()
        except BrokenPipeError:
            raise ReaderGone from None


def _json(value: Mapping[str, Any]) -> str:
    import msgspec

    return safe_json(msgspec.json.encode(value).decode("utf-8"))
