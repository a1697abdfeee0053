"""Scenarios: worlds to start from, written as YAML or JSON, and data made up by field type where Faker is installed."""

from .building import state
from .scenario import Scenario, from_data, load, names

__all__ = ["Scenario", "from_data", "load", "names", "state"]
