"""The command line: one module per group of commands, all clients of the local API."""
