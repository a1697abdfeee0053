"""Webflow's published OpenAPI document against the one that was last accounted for: ``fake-webflow spec-diff``."""

from .changes import Change, compare_skeletons
from .documents import SKELETON_FILE, Accounted, accept, read_accounted, render_accounted
from .skeleton import OPERATION_NAMES, UnreadableDocument
from .touching import find_clauses, name_clauses

__all__ = [
    "OPERATION_NAMES",
    "SKELETON_FILE",
    "Accounted",
    "Change",
    "UnreadableDocument",
    "accept",
    "compare_skeletons",
    "find_clauses",
    "name_clauses",
    "read_accounted",
    "render_accounted",
]
