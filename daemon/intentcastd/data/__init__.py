"""Tables of categories, areas and attributes, passed to the protocol as values."""
