"""The tables, as a list of steps: step n takes a store from version n to n + 1. A step that was released never changes.

Tables with large rows have a rowid and a unique index: twice as fast to fill as WITHOUT ROWID. Columns that say "sealed"
hold XChaCha20-Poly1305 under the vault's key (sealed.py). Times are UNIX seconds.
"""

from __future__ import annotations

from typing import Final

_ENVELOPES: Final = """
CREATE TABLE envelopes (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
    kind INTEGER NOT NULL,
    author BLOB NOT NULL,
    expires INTEGER NOT NULL,
    category TEXT,
    state INTEGER NOT NULL CHECK (state IN (0, 1)), -- 0 spread, 1 held
    release_at INTEGER,                             -- of a held one
    body BLOB NOT NULL                              -- the whole envelope, as received
) STRICT;
CREATE INDEX envelopes_expires ON envelopes (expires);
"""

_NOTES: Final = """
CREATE TABLE notes (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
    tag BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    effort INTEGER NOT NULL,
    author BLOB NOT NULL,
    body BLOB NOT NULL,                             -- the whole note, as received
    live INTEGER NOT NULL CHECK (live IN (0, 1))    -- 0: displaced from its lane
) STRICT;
CREATE INDEX notes_expires ON notes (expires);
CREATE INDEX notes_order ON notes (epoch, seq);
"""

_RFPS: Final = """
CREATE TABLE rfps (
    row INTEGER PRIMARY KEY,
    local_id TEXT NOT NULL UNIQUE,
    id BLOB UNIQUE CHECK (length(id) = 32),         -- known once it is signed
    created INTEGER NOT NULL,
    need BLOB NOT NULL,                             -- sealed JSON
    body BLOB NOT NULL,
    expires INTEGER NOT NULL,
    network BLOB NOT NULL,
    envelope BLOB,
    secrets BLOB,                                   -- sealed; gone a day after expires
    state TEXT NOT NULL,
    reason TEXT,
    exits BLOB NOT NULL,                            -- relay keys, 32 bytes each
    first_epoch INTEGER NOT NULL,                   -- from where on its shard is read: drawn once
    late_epochs INTEGER NOT NULL,                   -- how long after its end: drawn once
    closing BLOB,                                   -- the signed close, until an exit has taken it
    updated INTEGER NOT NULL
) STRICT;
CREATE INDEX rfps_state ON rfps (state);
CREATE INDEX rfps_secrets ON rfps (expires) WHERE secrets IS NOT NULL;
"""

_OFFERS: Final = """
CREATE TABLE offers (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 32), -- of the message inside the note
    rfp TEXT NOT NULL REFERENCES rfps (local_id) ON DELETE CASCADE,
    note BLOB NOT NULL,
    vendor BLOB NOT NULL,
    received INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    body BLOB NOT NULL,                             -- sealed
    rank BLOB NOT NULL,                             -- sealed JSON: what the list is sorted by
    state TEXT NOT NULL
) STRICT;
CREATE INDEX offers_rfp ON offers (rfp);
CREATE TABLE refused (
    rfp TEXT NOT NULL REFERENCES rfps (local_id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    UNIQUE (rfp, reason)
) STRICT;
"""

_VENDOR: Final = """
CREATE TABLE items (
    row INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    data TEXT NOT NULL CHECK (json_valid(data))
) STRICT;
CREATE TABLE outbox (
    row INTEGER PRIMARY KEY,
    rfp BLOB NOT NULL UNIQUE CHECK (length(rfp) = 32), -- one offer per RFP, whatever happens
    note BLOB NOT NULL,
    boards TEXT NOT NULL CHECK (json_valid(boards)),   -- relay key in hexadecimal -> state at that board
    expires INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_expires ON outbox (expires);
CREATE INDEX outbox_state ON outbox (state);
"""

_EVENTS_AND_KEYS: Final = """
CREATE TABLE events (
    n INTEGER PRIMARY KEY AUTOINCREMENT,            -- never given twice, also after pruning
    at INTEGER NOT NULL,
    name TEXT NOT NULL,
    data TEXT NOT NULL CHECK (json_valid(data))
) STRICT;
CREATE TABLE keys (
    name TEXT NOT NULL UNIQUE,
    secret BLOB NOT NULL                            -- sealed
) STRICT;
"""

MIGRATIONS: Final[tuple[str, ...]] = (_ENVELOPES + _NOTES + _RFPS + _OFFERS + _VENDOR + _EVENTS_AND_KEYS,)
