"""For tests, here and elsewhere: seeded entropy, a network on a virtual clock, valid sample records."""
