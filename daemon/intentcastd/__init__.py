"""intentcastd: the daemon for buyers, vendors and relays, and the command line that talks to it."""
