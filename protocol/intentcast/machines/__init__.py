"""The protocol's behaviour: machines that take inputs and the time, and return effects."""
