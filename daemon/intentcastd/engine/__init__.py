"""The pump that owns the relay machine, and the workers that stamp and verify for it."""
