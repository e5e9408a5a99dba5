"""Bytes: the canonical form, frames, padding (specs/01-encoding.md)."""
