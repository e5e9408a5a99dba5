"""The buyer's side: from a sentence to an RFP, from offers to a deal, and the vault that keeps it all."""
