"""What travels: envelopes and their bodies, notes and what is sealed in them (specs/03-records.md)."""
