"""The operations of the API: one table, one pipeline, one short module for each resource."""

from .fake import Fake, State

__all__ = ["Fake", "State"]
