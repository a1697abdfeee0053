"""Webhooks: payloads, signatures, the log of deliveries, and the thread that sends them."""
