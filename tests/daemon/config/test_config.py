"""Settings: what the file says, what the environment says over it, errors that name the key, files that stay readable."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from intentcast.limits import VISITS_PER_HOUR
from intentcast.networks import NETWORKS
from intentcastd import config
from intentcastd.config import Config, ConfigError, Relay
from intentcastd.paths import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path)


def test_nothing_set_contacts_nobody(home: Home) -> None:
    assert config.load(home, {}) == Config()
    assert Config().network == ""
    assert not Config().relay.enabled


def test_the_file_is_read_and_the_environment_goes_over_it(home: Home) -> None:
    home.config_toml.write_text('network = "home"\nseeds = ["a"]\n[relay]\nport = 1\nenabled = true\n')

    found = config.load(
        home,
        {
            "INTENTCAST_RELAY__PORT": "99",
            "INTENTCAST_RELAY__EXIT": "false",
            "INTENTCAST_SEEDS": "b, c",
            "INTENTCAST_HOME": "elsewhere",
            "PATH": "/bin",
        },
    )

    assert found == Config(network="home", seeds=("b", "c"), relay=Relay(enabled=True, port=99, exit=False))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('netwrok = "demo"', "`network`"),
        ("[relay]\nports = 1", "`relay.port`"),
        ("[relay]\nport = 70000", "`relay.port`"),
        ('[relay]\nport = "7117"', "`relay.port`"),
        ('network = "moon"', "`network`"),
        ("seeds = [1]", "seeds"),
        ("relay = 3", "`relay`"),
        ("network = \n", "line 1"),
        ("[reley]\nport = 1", "`relay`"),
    ],
)
def test_a_setting_that_does_not_fit_is_named_with_its_file(home: Home, text: str, key: str) -> None:
    home.config_toml.write_text(text)

    with pytest.raises(ConfigError) as caught:
        config.load(home, {})

    assert key in str(caught.value)
    assert str(home.config_toml) in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("INTENTCAST_NETWROK", "demo", "`network`"),
        ("INTENTCAST_RELAY__PORT", "many", "`relay.port`"),
        ("INTENTCAST_RELAY__PROT", "1", "`relay.port`"),
        ("INTENTCAST_RELAY", "1", "`relay`"),
        ("INTENTCAST_NETWORK__X", "1", "`network`"),
    ],
)
def test_a_variable_that_does_not_fit_is_named(home: Home, name: str, value: str, key: str) -> None:
    with pytest.raises(ConfigError, match="environment") as caught:
        config.load(home, {name: value})

    assert key in str(caught.value)


def test_a_file_that_is_not_utf8_is_told(home: Home) -> None:
    home.config_toml.write_bytes(b"network = '\xff'")

    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(home, {})


def test_a_first_save_writes_what_differs_and_says_what_it_is(home: Home) -> None:
    wanted = Config(network="demo", seeds=('line "1"', "line\n2"), relay=Relay(enabled=True))

    config.save(home, wanted)

    assert config.load(home, {}) == wanted
    text = home.config_toml.read_text()
    assert "# Relay lines to begin with." in text
    assert "policy_file" not in text
    assert stat.S_IMODE(home.config_toml.stat().st_mode) == 0o600


def test_saving_keeps_what_the_person_wrote(home: Home) -> None:
    home.config_toml.write_text(
        '# my shop\nnetwork = "demo" # for now\n\n[relay]\n# behind the router\nport = 7200\nenabled = true\n'
    )
    before = config.load(home, {})

    config.save(home, msgspec.structs.replace(before, network="public", seeds=("abc",)))

    text = home.config_toml.read_text()
    assert text.startswith('# my shop\nnetwork = "public"\n# Relay lines to begin with.\nseeds = [\n    "abc",\n]\n')
    assert "[relay]\n# behind the router\nport = 7200\nenabled = true\n" in text
    assert config.load(home, {}).relay == before.relay


def test_saving_what_is_there_changes_nothing(home: Home) -> None:
    text = 'seeds = [\n  "a", # first\n  "[::1]:7117",\n]\n\n[relay]\nname = "Ann\'s"\n'
    home.config_toml.write_text(text)

    config.save(home, config.load(home, {}))

    assert home.config_toml.read_text() == text


@pytest.mark.parametrize(
    "text",
    [
        'relay.port = 5\nnetwork = "demo"\n',
        'relay = { port = 5 }\n"network" = "demo"\n',
        'seeds = [\n  "[::1]:7117",\n]\n[relay]\nport = 5',
        "[ relay ]\nport = 5",
        'network = """demo"""\nseeds = [ "a]b" ]\n[relay] # here\nport = 5',
    ],
)
def test_a_file_of_any_shape_means_afterwards_what_was_saved(home: Home, text: str) -> None:
    home.config_toml.write_text(text)
    wanted = msgspec.structs.replace(
        config.load(home, {}), network="home", seeds=("x", "y"), relay=Relay(port=0, name="n", board=False)
    )

    config.save(home, wanted)

    assert config.load(home, {}) == wanted


def test_the_words_for_networks_and_paces_are_the_registries() -> None:
    assert set(get_args(config.Network)) == {"", *NETWORKS}
    assert set(get_args(config.Pace)) == {"", *VISITS_PER_HOUR}


def test_there_are_at_most_twenty_settings() -> None:
    assert len(Config.__struct_fields__) - 1 + len(Relay.__struct_fields__) <= 20
