"""Outgoing signed webhooks: endpoints and a delivery log. Reads the outbox and knows no stage."""
