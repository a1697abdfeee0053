"""The control interface, ``/_fake/...``: what tests in other languages do with a served fake beside using it."""

from .interface import ControlDoor, switched_off

__all__ = ["ControlDoor", "switched_off"]
