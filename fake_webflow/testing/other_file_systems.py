"""Beside pyfakefs: what a fake takes from the machine's file system it takes before a test puts another there."""

from __future__ import annotations

import sys
from importlib import import_module

from .. import package_data

# What a fake imports when it is first needed. Modules that are imported in the other file system are thrown away with
# it, and those of the standard library with them.
_IMPORTED_LATE = (
    *(".client", ".seeding.yaml_files", ".testing.failure_section", ".testing.server", ".transports.requests_adapter"),
    *(".control.access", ".control.hosted_fakes", ".control.interface", ".control.served"),
    *(".transports.server", ".transports.wsgi"),
)


def prepare() -> None:
    """Reads and imports all that, and keeps pyfakefs from the server, whose pipes have to be the machine's."""
    package_data.load_all()
    import_module("tomllib")
    for name in _IMPORTED_LATE:
        import_module(name, __package__.partition(".")[0])
    left_alone = sys.modules["pyfakefs.fake_filesystem_unittest"].Patcher.SKIPMODULES
    left_alone.update(module for name, module in list(sys.modules.items()) if name.partition(".")[0] == "waitress")
