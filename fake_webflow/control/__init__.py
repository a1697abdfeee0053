"""The control interface, ``/_fake/...``: what tests in other languages do with a served fake beside using it."""

from .interface import ControlInterface, answer_switched_off

__all__ = ["ControlInterface", "answer_switched_off"]
