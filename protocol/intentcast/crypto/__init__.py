"""Keys, signatures, sealing, stamps (specs/02-cryptography.md). The only door to nacl."""
