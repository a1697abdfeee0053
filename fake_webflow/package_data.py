"""The files that come with the package: their bytes are read once, all together, and parsed where they are needed.

A test may put another file system in the place of the machine's (pyfakefs), before its fake is there or after. So the
files are read as Python reads modules, which such a test leaves alone, and they are named here, since a folder cannot
be listed so. Whoever activates a fake reads all of them, for others take more than the file system away.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.machinery import SourceFileLoader

_PACKAGE = __file__.removesuffix("package_data.py")
_SCENARIO_FOLDER = "seeding/scenarios"
FAMILIES = (
    *("asset-folders", "assets", "collections", "errors", "fake", "field-data", "files", "filters", "http", "ids"),
    *("items", "lists", "plan", "publishing", "rate", "requests", "sites", "sorts", "token", "upload", "webhooks"),
)
"""The families of clauses, sorted, each a file of the ledger."""
SCENARIOS = ("default", "empty", "timeline")
"""The scenarios, sorted."""
_PICTURES = ("cover-brick.png", "cover-moss.png", "cover-sand.png", "cover-sea.png", "harbour.jpg", "logo.svg")
_TEMPLATES = (
    *("assets", "bare", "collection", "conditions", "content", "error", "frame", "item", "parts", "request"),
    *("requests", "rule", "rules", "sign_in", "start", "webhooks"),
)
_FILES = (
    "api/official_operations.tsv",
    "control/openapi.json",
    *(f"control/console/static/{name}" for name in ("console.css", "console.js", "icon.svg")),
    *(f"control/console/templates/{name}.html" for name in _TEMPLATES),
    "openapi/document.json",
    "seeding/scenario.schema.json",
    "rules/live_results.json",
    "rules/addresses.json",
    *(f"rules/{family}.toml" for family in FAMILIES),
    *(f"{_SCENARIO_FOLDER}/{name}.json" for name in SCENARIOS),
    *(f"{_SCENARIO_FOLDER}/files/{name}" for name in (*_PICTURES, "handbook.pdf", "notes.txt")),
)


@cache
def load_all() -> Mapping[str, bytes]:
    """The bytes of every file by its name: its path in the package, with slashes."""
    loader = SourceFileLoader(__name__, __file__)
    return {name: loader.get_data(_PACKAGE + name) for name in _FILES}


def read(name: str) -> bytes:
    """The bytes of one file."""
    return load_all()[name]
