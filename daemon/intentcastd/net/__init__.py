"""Sockets: TLS links between relays, circuits, SOCKS, discovery on the local network."""
