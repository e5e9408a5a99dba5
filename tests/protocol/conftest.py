"""What the tests of the core share: one relay with a disk in memory, records to bring to it, settings of Hypothesis."""

import pytest
from hypothesis import settings

from intentcast.testing.bench import Bench, make_bench
from intentcast.testing.samples import Samples

# Machines of others may be slow: a test fails for what it finds, never for how long it took.
settings.register_profile("intentcast", deadline=None, max_examples=100)
settings.load_profile("intentcast")


@pytest.fixture
def bench() -> Bench:
    """A relay of the network `test`, where nothing is held."""
    return make_bench()


@pytest.fixture
def samples() -> Samples:
    return Samples()
