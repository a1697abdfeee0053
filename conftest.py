"""What every test of this checkout shares."""

from hypothesis import settings

# A project of its own, tested as its author would: by tests/packaging/test_downstream.py, against the built wheel.
collect_ignore = ["tests/downstream"]

# How long an example takes says something of the machine and its other tenants, and nothing of the code.
settings.register_profile("patient", settings(), deadline=None)
settings.load_profile("patient")
