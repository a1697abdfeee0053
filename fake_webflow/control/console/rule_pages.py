"""The pages of rules: every clause with its evidence, what this world chooses where there is a choice, operations."""

from __future__ import annotations

from ...api.operations import OPERATIONS
from ...api.router import not_simulated
from ...rules import Clause, clauses, find_clause
from ..ledger_view import count_clauses, describe_clause, describe_live_result
from .visit import PageError, Values, Visit

RULES_A_PAGE = 60
KINDS = ("any", "observed", "documented", "inferred", "choices")


def list_rules(visit: Visit) -> tuple[str, Values]:
    """The clauses that were searched for."""
    every = clauses()
    families = sorted({clause.id.partition(".")[0] for clause in every})
    kind, family = visit.read_choice("kind", KINDS), visit.read_choice("family", ["", *families])
    words = visit.query.get("q", "").lower().split()
    found = [clause for clause in every if _matches(clause, words, kind, family)]
    page = visit.find_page(len(found), RULES_A_PAGE)
    return "rules.html", {
        "rules": found[page.start : page.stop],
        "chosen": visit.fake.profile.chosen,
        "page": page,
        "kinds": KINDS,
        "kind": kind,
        "families": families,
        "family": family,
        "sought": visit.query.get("q", ""),
        "counts": count_clauses(),
        "operations": OPERATIONS,
        "not_simulated": not_simulated(),
    }


def _matches(clause: Clause, words: list[str], kind: str, family: str) -> bool:
    if family and clause.id.partition(".")[0] != family:
        return False
    if (kind == "choices" and not clause.options) or (kind in KINDS[1:4] and clause.kind != kind):
        return False
    refused = f"{clause.refuses.status} {clause.refuses.code} {clause.refuses.message}" if clause.refuses else ""
    text = " ".join([clause.id, clause.says, refused, clause.text, *clause.operations]).lower()
    return all(word in text for word in words)


def show_rule(visit: Visit) -> tuple[str, Values]:
    """One clause."""
    try:
        clause = find_clause(visit.parameters["clause"])
    except LookupError as error:
        raise PageError(404, str(error)) from None
    every = [one.id for one in clauses()]
    place = every.index(clause.id)
    return "rule.html", {
        "clause": clause,
        "parts_of": list(describe_clause(clause)),
        "live_result": describe_live_result(clause.id),
        "chosen": visit.fake.profile.chosen.get(clause.id, ""),
        "previous": every[place - 1] if place else "",
        "next": every[place + 1] if place + 1 < len(every) else "",
    }
