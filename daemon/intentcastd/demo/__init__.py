"""The demo: a market of several daemons on this machine, and the characters that play its vendors."""
