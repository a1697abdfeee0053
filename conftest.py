"""What every test of this checkout shares."""

# A project of its own, tested as its author would: by tests/packaging/test_downstream.py, against the built wheel.
collect_ignore = ["tests/downstream"]
