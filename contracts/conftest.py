"""Makes ``pytest contracts`` a run of the suite; everything is in ``run/plugin``."""

from __future__ import annotations

from .run.plugin import choice, pytest_addoption, pytest_configure, sandbox, target

__all__ = ["choice", "pytest_addoption", "pytest_configure", "sandbox", "target"]
