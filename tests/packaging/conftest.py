"""The built distributions and the environments they are installed in."""

from __future__ import annotations

from built import built, distributions, downstream_environment, empty_environment, shared_folder

__all__ = ["built", "distributions", "downstream_environment", "empty_environment", "shared_folder"]
