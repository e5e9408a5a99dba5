"""The settings of a profile: one TOML file, read into one frozen Config.

At most 20 settings, all things that a person can judge; numbers that nobody can are constants. An unknown key is an error,
because a setting that is silently ignored is a promise broken. INTENTCAST_RELAY__PORT=7118 in the environment goes over
`port` in `[relay]` of the file.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Final, Literal, get_type_hints

import msgspec

from intentcastd.errors import IntentcastdError
from intentcastd.paths import Home, write_atomically

ENVIRONMENT: Final = "INTENTCAST_"
_NOT_SETTINGS: Final = frozenset({"INTENTCAST_HOME"})  # says which profile, not what is in it

Network = Literal["", "demo", "home", "public", "test"]
Pace = Literal["", "quiet", "normal", "fast", "live"]
Level = Literal["debug", "info", "warning", "error"]
Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]


def _says(text: str, **bounds: Any) -> msgspec.Meta:
    return msgspec.Meta(description=text, **bounds)


class Relay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What this daemon does for others."""

    enabled: Annotated[bool, _says("Spread RFPs and keep boards for others.")] = False
    host: Annotated[str, _says("Address to listen on; 127.0.0.1 for this machine alone.")] = "0.0.0.0"  # noqa: S104  # what a relay is for
    port: Annotated[Port, _says("Port to listen on; 0 takes a free one.")] = 7117
    advertise_host: Annotated[str, _says("Name or address that others reach this relay by; empty: as `host`.")] = ""
    name: Annotated[str, _says("Public name of this relay, if it shall have one.", max_length=80)] = ""
    board: Annotated[bool, _says("Keep notes (sealed offers) for RFPs that name this relay.")] = True
    circuit: Annotated[bool, _says("Let others reach relays through this one.")] = True
    exit: Annotated[bool, _says("Publish RFPs and read boards for buyers who come through circuits.")] = True
    policy_file: Annotated[str, _says("File with the categories that this relay carries; empty: all.")] = ""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings of one profile."""

    network: Annotated[Network, _says('demo, home, public or test; "" contacts nobody.')] = ""
    seeds: Annotated[tuple[str, ...], _says("Relay lines to begin with.")] = ()
    pace: Annotated[Pace, _says('quiet, normal, fast or live: how often to visit; "" as the network has it.')] = ""
    page_port: Annotated[Port, _says("Loopback port of the page; 0 takes a free one.")] = 0
    log_level: Annotated[Level, _says("debug, info, warning or error.")] = "info"
    relay: Relay = Relay()


class ConfigError(IntentcastdError):
    """The settings cannot be used; the message names the file and the key."""

    code = "config"
    exit = 2


def load(home: Home, environ: Mapping[str, str] = os.environ) -> Config:
    """Return the settings of a profile: defaults, then config.toml, then the environment.

    Whoever means to `save` what was loaded passes `environ={}`, or the file takes over what the environment said.

    Raises:
        ConfigError: the file is not TOML, has an unknown key or a value that does not fit, or the environment has.
    """
    values = _read(home)
    _refuse_unknown(values, Config, str(home.config_toml))
    config = _convert(values, strict=True, place=str(home.config_toml))
    overlay = _overlay(environ)
    if not overlay:
        return config
    _refuse_unknown(overlay, Config, "the environment")
    _convert(overlay, strict=False, place="the environment")
    merged = {**values, **overlay, "relay": {**values.get("relay", {}), **overlay.get("relay", {})}}
    return _convert(merged, strict=False, place="the environment")


def save(home: Home, config: Config) -> None:
    """Write the settings so that a crash leaves the old file or the new one, whole.

    Lines that say the same as before stay as they are, comments too; a setting that the file does not have yet is
    added with a line about what it does.
    """
    old = home.config_toml.read_text("utf-8") if home.config_toml.exists() else _HEAD
    text = old
    for section, key, value, about in _settings(config):
        if _value_in(text, section, key) != value:
            text = _with_line(text, section, key, value, about)
    if _means(text) != config:
        text = _whole(config)  # a file of an unusual shape: better plain than wrong
    write_atomically(home.config_toml, text.encode())


# --- reading ---------------------------------------------------------------------------------------------------------


def _read(home: Home) -> dict[str, Any]:
    try:
        text = home.config_toml.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{home.config_toml} cannot be read: {error}.", "Mend it or move it away.") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{home.config_toml} is not TOML: {error}.", "Mend that line.") from error


def _convert(values: Mapping[str, Any], *, strict: bool, place: str) -> Config:
    try:
        return msgspec.convert(values, Config, strict=strict)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$.")
        key = path.rstrip("`") or "a table"
        raise ConfigError(f"{place}: `{key}` does not fit: {reason}.", f"`{key}` is: {_about(key)}") from error


def _refuse_unknown(values: Mapping[str, Any], kind: type[msgspec.Struct], place: str, above: str = "") -> None:
    known = kind.__struct_fields__
    for key, value in values.items():
        if key not in known:
            near = get_close_matches(key, known, n=1)
            raise ConfigError(
                f"{place}: there is no setting `{above}{key}`.",
                f"Did you mean `{above}{near[0]}`?" if near else f"Settings here: {', '.join(known)}.",
            )
        if key == "relay" and isinstance(value, dict):
            _refuse_unknown(value, Relay, place, "relay.")


def _overlay(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what INTENTCAST_ variables say, in the shape of the file: `__` goes into a table."""
    values: dict[str, Any] = {}
    for name, value in environ.items():
        if not name.startswith(ENVIRONMENT) or name in _NOT_SETTINGS:
            continue
        table = values
        *tables, key = name[len(ENVIRONMENT) :].lower().split("__")
        for part in tables:
            table = table.setdefault(part, {})
        table[key] = value.replace(",", " ").split() if key == "seeds" else value
    return values


def _about(path: str) -> str:
    """Return what a setting is, by its path such as `relay.port`."""
    for section, key, _, about in _settings(Config()):
        if path.split("[", maxsplit=1)[0] in (f"{section}.{key}", key if not section else ""):
            return about
    return "a table, such as [relay]"


# --- writing ---------------------------------------------------------------------------------------------------------

_HEAD: Final = "# Settings of intentcast. What is not set here has its default; INTENTCAST_… variables go over it.\n"


def _settings(config: Config) -> Iterator[tuple[str, str, Any, str]]:
    """Yield table, key, value and description of each setting."""
    for section, struct in (("", config), ("relay", config.relay)):
        hints = get_type_hints(type(struct), include_extras=True)
        for key in struct.__struct_fields__:
            if key != "relay":
                notes = [note.description for note in hints[key].__metadata__ if note.description]
                yield section, key, _plain(getattr(struct, key)), notes[-1]


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            # A JSON string is a TOML basic string, but that TOML wants DEL escaped as well.
            return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")
        case _:
            lines = "".join(f"    {_toml(item)},\n" for item in value)
            return f"[\n{lines}]" if value else "[]"


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _value_in(text: str, section: str, key: str) -> Any:
    """Return what a text says about a setting, or its default."""
    values = _parse(text)
    table = values.get(section, {}) if section else values
    if isinstance(table, dict) and key in table:
        return table[key]
    default: Any = Config().relay if section else Config()
    return _plain(getattr(default, key))


def _plain(value: Any) -> Any:
    """Return a setting as TOML would read it."""
    return list(value) if isinstance(value, tuple) else value


def _with_line(text: str, section: str, key: str, value: Any, about: str) -> str:
    """Return the text with one setting changed or added."""
    head, body, tail = _section(text, section)
    line = f"{key} = {_toml(value)}\n"
    there = re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*=[ \t]*(\[[^\]]*\]|[^\n]*)[^\n]*(\n|\Z)", re.MULTILINE)
    if there.search(body):
        return head + there.sub(lambda _: line, body, count=1) + tail
    if body.strip() and not body.endswith("\n"):
        body += "\n"
    body = body.rstrip("\n") + "\n" if body else ""
    return f"{head}{body}# {about}\n{line}" + (f"\n{tail}" if tail else "")


def _section(text: str, section: str) -> tuple[str, str, str]:
    """Return what stands before a table's content, the content, and what stands after it."""
    heads = list(re.finditer(r"^[ \t]*\[[ \t]*([A-Za-z0-9_.-]+)[ \t]*\][^\n]*(\n|\Z)", text, re.MULTILINE))
    if not section:
        end = heads[0].start() if heads else len(text)
        return "", text[:end], text[end:]
    for index, match in enumerate(heads):
        if match[1] == section:
            end = heads[index + 1].start() if index + 1 < len(heads) else len(text)
            return text[: match.end()], text[match.end() : end], text[end:]
    return f"{text.rstrip()}\n\n[{section}]\n", "", ""


def _means(text: str) -> Config | None:
    """Return the config that a text says, None where it says nothing sound."""
    try:
        return msgspec.convert(tomllib.loads(text), Config)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError):
        return None


def _whole(config: Config) -> str:
    lines, current = [_HEAD], ""
    for section, key, value, about in _settings(config):
        if section != current:
            lines.append(f"\n[{section}]\n")
            current = section
        lines.append(f"# {about}\n{key} = {_toml(value)}\n")
    return "".join(lines)
