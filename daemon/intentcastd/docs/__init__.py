"""The guides: architecture, operating, privacy, vendors."""
