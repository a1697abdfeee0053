"""Webflow's state and its laws: immutable values, and functions that compute the next one or refuse."""
