"""Scenarios: worlds to start from, written as YAML or JSON, and data made up by field type where Faker is installed."""

from .building import Now, build_state, read_now
from .exporting import export_scenario
from .scenario import Scenario, from_data, load, shipped_names

__all__ = ["Now", "Scenario", "build_state", "export_scenario", "from_data", "load", "read_now", "shipped_names"]
