"""What tests use: the handle on one fake, and the pytest plugin."""
