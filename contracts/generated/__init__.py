"""Tests that look at everything at once: generated requests, and a state machine beside a plain model."""
