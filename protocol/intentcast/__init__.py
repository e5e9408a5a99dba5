"""intentcast: the protocol as a pure library, with no clock, randomness, sockets or logging of its own."""
