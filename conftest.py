"""What every test of this checkout shares."""

from hypothesis import settings

# A project of its own, tested as its author would: by tests/packaging/test_downstream.py, against the built wheel.
collect_ignore = ["tests/downstream"]

# How long an example takes says something of the machine and its other tenants, and nothing of the code.
# A law is tried on a sample with every push, and at length by `make acceptance`.
settings.register_profile("sample", deadline=None, max_examples=25, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=500)
settings.load_profile("sample")
