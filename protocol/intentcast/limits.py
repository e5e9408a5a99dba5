"""Every number of the protocol: value, unit, the attack it bounds, the rule it stands in.

Made from specs/registries/limits.json by scripts/registries.py: change it there.
"""

from __future__ import annotations

# LIM-1, ENV-1: a peer that makes relays store and forward large blobs
MAX_ENVELOPE_BYTES = 8192  # bytes
# LIM-2, FRM-1: a length prefix that makes the reader reserve memory
MAX_FRAME_BYTES = 65536  # bytes of one frame's payload
# LIM-3, ENC-9: stack exhaustion in recursive decoders
MAX_DEPTH = 8  # nested arrays and maps
# LIM-4, ENC-10: hash flooding and slow key checks
MAX_MAP_ENTRIES = 64  # entries of one map
# LIM-5, ENC-10: many tiny values in one small message
MAX_ARRAY_ITEMS = 1024  # items of one array
# LIM-6, ENC-4: values that other languages round (2^53-1)
MAX_INTEGER = 9007199254740991  # largest magnitude
# LIM-7, ENV-5: stores filled for months
MAX_RFP_LIFE_SECONDS = 1209600  # seconds from now to expires
# LIM-8, ENV-5: stale addresses that are dialled for weeks
MAX_RELAY_LIFE_SECONDS = 259200  # seconds from now to expires
# LIM-9, ENV-5: cards of shops that are gone
MAX_VENDOR_LIFE_SECONDS = 2592000  # seconds from now to expires
# LIM-10, ENV-5: boards filled for months
MAX_NOTE_LIFE_SECONDS = 2419200  # seconds from now to expires
# LIM-11, ENV-5: honest clocks that differ; also how long relays keep what has expired
CLOCK_SKEW_SECONDS = 7200  # seconds
# LIM-12, RFP-3: the exact second of publishing, read off expires
SHORT_LIFE_SECONDS = 86400  # seconds
# LIM-13, RFP-3: as above, for RFPs that live less than a day
SHORT_ROUNDING_SECONDS = 600  # seconds
# LIM-14, RFP-3: as above, for all others
LONG_ROUNDING_SECONDS = 86400  # seconds
# LIM-15, RFP-1: free text that names its writer
MAX_TEXT_CHARACTERS = 280  # Unicode code points of an RFP's free text
# LIM-16, RFP-8: a description so exact that it names its writer
MAX_DETAILS = 16  # attributes in one RFP
# LIM-17, VOC-7: a place so small that it names the buyer
MIN_AREA_POPULATION = 50000  # inhabitants of a named area
# LIM-18, VEN-1: walls of text in offers and cards
MAX_NAME_CHARACTERS = 80  # code points of a vendor's or item's name
# LIM-19, OFF-3: an offer that buries the others
MAX_OFFER_OPTIONS = 4  # options in one offer
# LIM-20, OFF-3: as above
MAX_OPTION_ITEMS = 32  # items in one option
# LIM-21, OFF-1: as above
MAX_NOTE_TEXT_CHARACTERS = 500  # code points of an offer's note
# LIM-22, FRM-5: subscriptions that cost more to match than to flood
MAX_CATEGORIES = 64  # category codes in a card or a subscription
# LIM-23, FRM-5: as above
MAX_AREAS = 64  # areas in a card or a subscription
# LIM-24, BRD-5: one kind of vendor that crowds out all others
LANE_A_NOTES = 32  # first contacts per RFP and board in lane A
# LIM-25, BRD-6: junk from one-time keys: the most work stays
LANE_B_NOTES = 24  # first contacts per RFP and board in lane B
# LIM-26, BRD-7: a board that is filled early to keep others out: the newest stay
LANE_C_NOTES = 8  # first contacts per RFP and board in lane C
# LIM-27, BRD-8: reads at a private position that name the reader
EPOCH_SECONDS = 600  # seconds of one board epoch
# LIM-28, BRD-2: a read that names the RFP
MIN_SHARD_RFPS = 64  # live RFPs that share a shard
# LIM-29, BRD-1: a shard with one RFP in it
MAX_SHARD_BITS = 32  # bits of a shard prefix
# LIM-30, CIR-6: sizes that tell publishing from reading
VISIT_UP_BYTES = 8192  # bytes from buyer to exit, frame header included
# LIM-31, CIR-6: sizes that tell how many offers came
VISIT_DOWN_BYTES = 32768  # bytes from exit to buyer, frame header included
# LIM-32, CIR-4: a relay used as a traffic amplifier
CIRCUITS_PER_HOUR = 60  # circuits that one link may open in an hour
# LIM-33, CIR-4: as above
CIRCUITS_BURST = 12  # circuits that one link may open at once
# LIM-34, LNK-3: half-open connections
HANDSHAKE_SECONDS = 10  # seconds for TLS and hello
# LIM-35, LNK-4: a stranger that makes us read much before it said who it is
FIRST_FRAME_BYTES = 1024  # bytes of the hello frame's payload
# LIM-36, LNK-7: links that died without a word
IDLE_SECONDS = 120  # seconds without a frame before a ping
# LIM-37, LNK-8: 5,000 connects from one machine
MAX_ANONYMOUS_LINKS = 512  # links from unproven peers at one relay
# LIM-38, LNK-8: as above
MAX_LINKS_PER_ADDRESS = 64  # links from one source address where addresses are public
# LIM-39, LNK-9: a peer that stops reading makes us keep its frames
LINK_OUTBOX_FRAMES = 256  # frames waiting for one peer
# LIM-40, ENV-2: a price that nobody can pay
MAX_EFFORT_BITS = 40  # bits of a stamp
# LIM-41, FRM-7: one frame that keeps the reader busy for long
GIVE_BATCH_ENVELOPES = 32  # envelopes in one give frame
# LIM-42, ADM-9: a full disk; a full store asks for more work and evicts nothing
MAX_LIVE_ENVELOPES = 1000000  # envelopes kept by one relay
# LIM-43, CIR-9: an exit used as a store
MAX_HELD_RFPS = 4096  # RFPs held by one exit
# LIM-44, CIR-8: memory of an exit
MAX_SHARD_FOLLOWERS = 256  # visits held open at one exit
# LIM-45, FRM-9: frames over the limit of a link
READ_BATCH_BYTES = 60000  # bytes of notes in one notes frame
# LIM-46, CIR-17: a board that hands an exit notes without end
MAX_VISIT_NOTES = 4096  # notes that an exit gathers for one visit

# PAD-1: exact sizes in bytes, smallest first
SIZES: dict[int, tuple[int, ...]] = {
    1: (1024, 2048, 4096),  # rfp
    2: (512,),  # close
    4: (512, 1024),  # relay
    5: (1024, 2048, 4096),  # vendor
    16: (1024, 2048, 4096, 8192),  # note
}

# STA-3: bits added to a network's base effort
EFFORT_OF_KIND: dict[str, int] = {
    "rfp": 0,
    "close": -6,
    "relay": -6,
    "vendor": -2,
    "note_a": -4,
    "note_b": 0,
}
WEEK_SECONDS = 604800

# CIR-13: visits an hour in the mean; 0 holds one open
VISITS_PER_HOUR: dict[str, int] = {
    "quiet": 6,
    "normal": 20,
    "fast": 180,
    "live": 0,
}
