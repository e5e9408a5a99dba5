"""Frames: what two programs say to each other on a link (specs/05-links.md)."""
