"""The bench: what the fake costs, beside its peers and beside the floor. Run it with ``make bench``."""
