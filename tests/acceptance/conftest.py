"""The built distributions, to be installed beside other libraries, and a browser."""

from __future__ import annotations

from browser import _browser, browser
from built import built, distributions, shared_folder

__all__ = ["_browser", "browser", "built", "distributions", "shared_folder"]
