"""The shape of all commands: the options that each one takes, and help with an example that fits 80 columns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from intentcastd.cli.session import Session

HELP_COLUMNS = 80
_SETTINGS = {"max_content_width": HELP_COLUMNS, "help_option_names": ["-h", "--help"]}
_EVERYWHERE = "options of every command"


def _set(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """Put an option into the session; what was not given does not take back what was given further left."""
    session = context.ensure_object(Session)
    given = context.get_parameter_source(option.name or "") is not click.core.ParameterSource.DEFAULT
    if not given or context.resilient_parsing:
        return value
    match option.name:
        case "home":
            session.folder = Path(value)
            session.out.folder = value
        case "json":
            session.out.json = value
        case "quiet":
            session.out.quiet = value
        case "color":
            session.out.color = value
        case "no_input":
            session.no_input = value
        case _:
            pass  # --debug: main() looks for it before anything is read
    return value


def _everywhere() -> list[click.Option]:
    """Return the options that every command takes, so that they may stand at its end too."""
    shared: dict[str, Any] = {"callback": _set, "expose_value": False, "is_eager": True}
    folder = click.Path(file_okay=False)
    return [
        click.Option(["--home"], type=folder, metavar="DIR", help="Folder of the whole profile.", **shared),
        click.Option(["--json"], is_flag=True, help="JSON on stdout, errors as JSON on stderr.", **shared),
        click.Option(["--quiet"], is_flag=True, help="Say nothing but the answer.", **shared),
        click.Option(["--no-input"], is_flag=True, help="Never ask; a question is an error.", **shared),
        click.Option(
            ["--color"],
            type=click.Choice(["auto", "always", "never"]),
            help="Colours; NO_COLOR in the environment turns them off.",
            **shared,
        ),
        click.Option(["--debug"], is_flag=True, help="Show the traceback of an error.", **shared),
    ]


class Command(click.Command):
    """A command with the options of every command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shared = _everywhere()
        self.params = [*self.params, *self.shared]

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        _format_options(self, self.shared, context, formatter)


class Group(click.Group):
    """A group with the options of every command."""

    command_class = Command
    group_class = type  # groups below are of this class too

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shared = _everywhere()
        self.params = [*self.params, *self.shared]

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        _format_options(self, self.shared, context, formatter)
        self.format_commands(context, formatter)


def _format_options(
    command: click.Command, shared: list[click.Option], context: click.Context, formatter: click.HelpFormatter
) -> None:
    everywhere = {id(option) for option in shared}
    own = [
        param.get_help_record(context)
        for param in command.get_params(context)
        if isinstance(param, click.Option) and id(param) not in everywhere
    ]
    for title, records in (("options", own), (_EVERYWHERE, [option.get_help_record(context) for option in shared])):
        shown = [record for record in records if record is not None]
        if shown:
            with formatter.section(title.capitalize()):
                formatter.write_dl(shown)


def command(name: str, *examples: str) -> Callable[[Callable[..., Any]], Command]:
    """Make a command of a function; its docstring is the help, `examples` stand below it."""
    return click.command(name, cls=Command, context_settings=_SETTINGS, epilog=_epilog(examples))


def group(name: str, *examples: str, runs_alone: bool = False) -> Callable[[Callable[..., Any]], Group]:
    """Make a group of commands.

    Args:
        runs_alone: the group does something itself when no command follows.
    """
    return click.group(
        name,
        cls=Group,
        context_settings=_SETTINGS,
        epilog=_epilog(examples),
        invoke_without_command=runs_alone,
    )


def _epilog(examples: tuple[str, ...]) -> str | None:
    if not examples:
        return None
    return "\b\n" + "\n".join(["Examples:", *(f"  {example}" for example in examples)])
