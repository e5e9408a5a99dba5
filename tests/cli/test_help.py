"""Every command explains itself, within 80 columns, with an example; what is misspelt is an error that helps."""

from collections.abc import Iterator

import click
import pytest
from program import Program

from intentcastd.cli.exits import MEANING, Exit
from intentcastd.cli.main import app


def commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield words
    if isinstance(command, click.Group):
        for word in command.list_commands(click.Context(command)):
            yield from commands(command.commands[word], (*words, word))


ALL = sorted(commands(app))
ENDS = [words for words in ALL if not any(other[: len(words)] == words and other != words for other in ALL)]


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_each_command_explains_itself(offline: Program, words: tuple[str, ...]) -> None:
    said = offline(*words, "--help", COLUMNS="200")

    assert (said.code, said.err) == (0, "")
    assert [line for line in said.out.splitlines() if len(line) > 80] == []
    assert "Examples:\n    intentcast " in said.out
    assert "--json" in said.out


@pytest.mark.parametrize("words", ENDS, ids=" ".join)
def test_an_unknown_option_is_a_usage_error_in_both_forms(offline: Program, words: tuple[str, ...]) -> None:
    said = offline(*words, "--no-such-option", "--json")

    assert (said.code, said.out) == (Exit.USAGE, "")
    assert (said.error["ok"], said.error["exit"], said.error["error"]["code"]) == (False, 2, "usage")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("statsu",), "status"),
        (("ofers", "list"), "offers"),
        (("offers", "compaer"), "compare"),
        (("cast", "x", "--budgt", "1"), "--budget"),
    ],
)
def test_a_typing_error_is_answered_with_what_was_meant(offline: Program, words: tuple[str, ...], meant: str) -> None:
    said = offline(*words)

    assert said.code == Exit.USAGE
    assert f"'{meant}'" in said.err
    assert "--help" in said.err


@pytest.mark.parametrize("words", [("stat",), ("cast", "x", "--dry", "--yes"), ("offers", "comp")])
def test_the_beginning_of_a_name_is_not_the_name(offline: Program, words: tuple[str, ...]) -> None:
    assert offline(*words).code == Exit.USAGE


def test_help_needs_neither_daemon_nor_heavy_libraries(offline: Program) -> None:
    import subprocess
    import sys

    from program import environment

    probe = "import sys; import intentcastd.cli.main; print(sorted({'httpx','trio','rich','starlette','msgspec'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, env=environment(), check=True)

    assert done.stdout.strip() == "[]"


def test_every_exit_code_has_a_meaning_and_stands_in_the_guide(pytestconfig: pytest.Config) -> None:
    guide = (pytestconfig.rootpath / "daemon/intentcastd/docs/commands.md").read_text("utf-8")

    assert set(MEANING) == set(Exit)
    assert [code for code in Exit if f"| {code.value} | {MEANING[code]} |" not in guide] == []


def test_every_option_stands_in_the_guide(pytestconfig: pytest.Config) -> None:
    guide = (pytestconfig.rootpath / "daemon/intentcastd/docs/commands.md").read_text("utf-8")
    options = set()
    for words in ALL:
        command: click.Command = app
        for word in words:
            assert isinstance(command, click.Group)
            command = command.commands[word]
        options |= {name for option in command.params if isinstance(option, click.Option) for name in option.opts}

    assert sorted(name for name in options if f"`{name}" not in guide) == []
