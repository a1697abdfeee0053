"""The built distributions, to be installed beside other libraries."""

from __future__ import annotations

from built import built, distributions, shared_folder

__all__ = ["built", "distributions", "shared_folder"]
