"""A run of the suite: the pytest plugin, its options, the preflight check, the plan of a rationed run, ``verify``."""
