"""A shop's catalogue: one file per import format, items and a report out; nothing here stores or sends."""
