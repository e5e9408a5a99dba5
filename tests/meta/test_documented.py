"""Whatever a user can set or type is explained in the guides."""

import dataclasses
import typing
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

MAX_SETTINGS = 20


@pytest.fixture(scope="module")
def guides(root: Path) -> str:
    pages = [root / "README.md", *sorted((root / "daemon/intentcastd/docs").glob("**/*.md"))]
    return "\n".join(page.read_text("utf-8") for page in pages)


def fields_of(kind: object) -> tuple[str, ...]:
    if dataclasses.is_dataclass(kind):
        return tuple(field.name for field in dataclasses.fields(kind))
    return tuple(getattr(kind, "__struct_fields__", ()))


def settings_of(kind: type, above: str = "") -> Iterator[str]:
    """Yield every setting with its full name: `relay.listen` for `listen` in the table `[relay]`."""
    hints = typing.get_type_hints(kind)
    for name in fields_of(kind):
        if fields_of(hints[name]):
            yield from settings_of(hints[name], f"{above}{name}.")
        else:
            yield f"{above}{name}"


def commands_of(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that help shows, with the words that one types to run it."""
    if command.hidden:
        return
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for word in command.list_commands(context):
            below = command.get_command(context, word)
            assert below is not None, f"{name} lists {word}, which does not exist"
            yield from commands_of(below, f"{name} {word}")


@pytest.fixture(scope="module")
def commands() -> dict[str, click.Command]:
    from intentcastd.cli import main as cli

    groups = [value for value in vars(cli).values() if isinstance(value, click.Group)]
    assert groups, "intentcastd.cli.main has no click group"
    return dict(commands_of(max(groups, key=lambda group: len(dict(commands_of(group, "")))), "intentcast"))


def test_there_are_few_settings_and_each_is_explained(guides: str) -> None:
    from intentcastd.config import Config

    settings = list(settings_of(Config))

    assert 0 < len(settings) <= MAX_SETTINGS
    assert [name for name in settings if f"`{name}`" not in guides] == []


def test_each_command_stands_in_a_guide(commands: dict[str, click.Command], guides: str) -> None:
    runnable = [name for name, command in commands.items() if not isinstance(command, click.Group)]

    assert runnable
    assert [name for name in runnable if name not in guides] == []


def test_each_command_and_each_option_says_what_it_does(commands: dict[str, click.Command]) -> None:
    silent = [name for name, command in commands.items() if not command.get_short_help_str()]
    silent += [
        f"{name} {option.opts[-1]}"
        for name, command in commands.items()
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden and not option.help
    ]

    assert silent == []
