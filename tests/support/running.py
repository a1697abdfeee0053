"""Running pytest within pytest."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Run = Callable[..., pytest.RunResult]

NO_OTHER_PLUGINS = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
"""A variable of the environment for runs in a process of their own: others' plugins take seconds to import."""

OURS = ["-p", "fake_webflow.testing.plugin", "-p", "no:cacheprovider"]
IN_WORKERS = ["-p", "xdist.plugin", "-n", "2"]
