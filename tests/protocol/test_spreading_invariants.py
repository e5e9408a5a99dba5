"""Spreading under any order of gives, submits, closes, checks, commits, ticks and links (stateful)."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from intentcast.ids import EnvelopeId, RelayKey
from intentcast.machines.effects import Effect, Keep, Send, Verify
from intentcast.machines.holding import HANDED_SECONDS
from intentcast.machines.inputs import FrameReceived, Input, LinkDown, LinkId, LinkUp, Stored, Tick, Verified
from intentcast.machines.relay import Relay
from intentcast.machines.spreading import Settings
from intentcast.networks import NETWORKS
from intentcast.records.close import Close
from intentcast.records.envelope import CLOSE, RFP, envelope_untrusted
from intentcast.testing.bench import moment
from intentcast.testing.entropy import SeededEntropy
from intentcast.testing.samples import Samples
from intentcast.wire.frames import Error, Give, Handoff, Submit, Subscribe

RULES = replace(NETWORKS["test"], hold_mean_seconds=30)
SAMPLES = Samples(RULES, SeededEntropy("spreading machine"))
KEY = SAMPLES.key()
BUYERS = [SAMPLES.buyer((RelayKey(KEY.public),)) for _ in range(3)]
SECOND = SAMPLES.public(
    RFP, BUYERS[0].rfp.to_body(), BUYERS[0].key, type(BUYERS[0].envelope.expires)(BUYERS[0].envelope.expires + 600)
)
CLOSES = [SAMPLES.close(buyer) for buyer in BUYERS]
STRANGE = [
    SAMPLES.public(
        CLOSE, Close(EnvelopeId(buyer.envelope.id), "filled").to_body(), SAMPLES.key(), buyer.envelope.expires
    )
    for buyer in BUYERS
]
ALL = [*(buyer.data for buyer in BUYERS), SECOND, *CLOSES, *STRANGE]
envelopes = st.sampled_from(ALL)
RELAYS, ANYBODY, WATCHER = (1, 2, 3), 8, 9


class SpreadingMachine(RuleBasedStateMachine):
    """What the relay wants done is done later, in the order of its wishes; a watcher is subscribed to everything."""

    @initialize()
    def start(self) -> None:
        self.seconds = 0.0
        self.relay = Relay(Settings(RULES, RelayKey(KEY.public)), KEY, SeededEntropy("relay"))
        self.asked: deque[Verify | Keep] = deque()
        self.given: Counter[bytes] = Counter()
        self.shown: set[bytes] = set()
        self.links: set[int] = set()
        self.author_closed: set[int] = set()
        self.errors: set[str] = set()
        for link in (ANYBODY, WATCHER):
            self.give(LinkUp(LinkId(link), None))
        self.give(FrameReceived(LinkId(WATCHER), Subscribe((1, 2, 4, 5), (), (), False), 1))

    def give(self, item: Input) -> None:
        for effect in self.relay.receive(item, moment(self.seconds)):
            self.note(effect)

    def note(self, effect: Effect) -> None:
        if isinstance(effect, Verify | Keep):
            self.asked.append(effect)
        if isinstance(effect, Send):
            if isinstance(effect.frame, Give) and effect.link == WATCHER:
                self.given.update(effect.frame.envelopes)
            if isinstance(effect.frame, Error):
                self.errors.add(effect.frame.code)
            if isinstance(effect.frame, Handoff):
                assert effect.link in self.links, "handed to a relay that is linked"

    def settle(self, full: bool = False) -> None:
        effect = self.asked.popleft()
        if isinstance(effect, Verify):
            self.give(Verified(effect.token, tuple(envelope.is_signed() for envelope in effect.envelopes)))
        else:
            self.give(Stored(effect.token, full=full))

    @rule(data=envelopes)
    def submit(self, data: bytes) -> None:
        self.give(FrameReceived(LinkId(ANYBODY), Submit(data), 1))

    @rule(link=st.sampled_from(RELAYS))
    def link_up(self, link: int) -> None:
        if link not in self.links:
            self.links.add(link)
            self.give(LinkUp(LinkId(link), RelayKey(bytes((link,)) * 32)))

    @rule(link=st.sampled_from(RELAYS))
    def link_down(self, link: int) -> None:
        if link in self.links:
            self.links.discard(link)
            self.give(LinkDown(LinkId(link)))

    @precondition(lambda self: self.links)
    @rule(batch=st.lists(envelopes, min_size=1, max_size=4), handoff=st.booleans(), data=st.data())
    def relay_gives(self, batch: list[bytes], handoff: bool, data: st.DataObject) -> None:
        link = LinkId(data.draw(st.sampled_from(sorted(self.links))))
        if handoff:
            self.give(FrameReceived(link, Handoff(batch[0]), 5))
        else:
            self.give(FrameReceived(link, Give(tuple(batch)), 0))

    @precondition(lambda self: self.asked)
    @rule(count=st.integers(1, 4), full=st.booleans())
    def work(self, count: int, full: bool) -> None:
        for _ in range(min(count, len(self.asked))):
            self.settle(full)

    @rule(seconds=st.sampled_from([0.5, 10.0, 60.0]))
    def wait(self, seconds: float) -> None:
        self.seconds += seconds
        self.give(Tick())

    @invariant()
    def each_envelope_is_given_once_to_a_link(self) -> None:
        if hasattr(self, "given"):
            assert max(self.given.values(), default=1) == 1, "SPR-1"

    @invariant()
    def a_key_has_one_live_rfp(self) -> None:
        if hasattr(self, "relay"):
            live = [entry.author for entry in self.relay.spreading.market.entries() if entry.kind == RFP]
            assert len(live) == len(set(live)), "ADM-5"

    @invariant()
    def an_rfp_is_live_or_closed_by_its_author_but_not_both(self) -> None:
        if not hasattr(self, "relay"):
            return
        market = self.relay.spreading.market
        for buyer, close in zip(BUYERS, CLOSES, strict=True):
            both = buyer.envelope.id in market and envelope_untrusted(close).id in market
            assert not both, "CLO-4"

    @invariant()
    def nothing_is_held_and_shown_at_once(self) -> None:
        if hasattr(self, "relay"):
            spreading = self.relay.spreading
            assert not [item for item in spreading.held if item in spreading.market]

    @invariant()
    def the_next_deadline_is_not_in_the_past(self) -> None:
        if hasattr(self, "relay"):
            assert self.relay.deadline() > self.seconds

    def teardown(self) -> None:
        """In the end all that was ever held is spread or ended, and the watcher has been given all that is live."""
        if not hasattr(self, "relay"):
            return
        for _ in range(4):
            while self.asked:
                self.settle()
            self.seconds += 3_000 + HANDED_SECONDS
            self.give(Tick())
        while self.asked:
            self.settle()
        assert len(self.relay.spreading.held) == 0
        live = {entry.id for entry in self.relay.spreading.market.entries()}
        assert live <= {envelope_untrusted(data).id for data in self.given}


SpreadingMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestSpreading = SpreadingMachine.TestCase
