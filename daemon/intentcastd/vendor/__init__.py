"""The vendor's side: catalogue, rules and the responder that turns an RFP into an offer."""
