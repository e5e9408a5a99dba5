"""The wire inspector: what crosses a link, said in the words of the spec."""
