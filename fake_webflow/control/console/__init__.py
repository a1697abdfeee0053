"""The console: pages that show people what a served fake holds and was asked, with buttons that call ``/_fake``."""

from .console import Console

__all__ = ["Console"]
