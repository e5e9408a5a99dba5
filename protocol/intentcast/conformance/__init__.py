"""Conformance: runs the test vectors of specs/vectors against this library."""
