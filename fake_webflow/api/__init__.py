"""The operations of the API: one table, one pipeline, one short module for each resource."""

from .fake import Fake
from .state import State

__all__ = ["Fake", "State"]
