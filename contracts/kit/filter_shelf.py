"""Lists of the sandbox's shelf for filters and sort keys, and what is expected of them."""

from __future__ import annotations

import requests

from fake_webflow.client import CLAUSE_HEADER

from .clauses import ClauseDiffers, describe
from .expect import expect_json
from .sandbox import Sandbox
from .sandbox_fields import FILTER_ROWS

OF_EVERY_ROW = frozenset(range(len(FILTER_ROWS)))
"""Of each of ``FILTER_ROWS``, by its number."""


def list_shelf(sandbox: Sandbox, *parameters: str, where: str = "") -> requests.Response:
    """The answer to a listing of the shelf with these parameters, as ``filter[text][eq]=beta``."""
    shelf, _ = sandbox.filter_shelf
    return sandbox.call("GET", f"{shelf.path}{where}", query=dict(parameter.split("=", 1) for parameter in parameters))


def find_rows(sandbox: Sandbox, *parameters: str) -> list[int]:
    """Which rows such a listing finds, in its order; the total has to agree."""
    page = expect_json(list_shelf(sandbox, *parameters))
    assert page["pagination"]["total"] == len(page["items"])
    rows = {item["id"]: row for row, item in enumerate(sandbox.filter_shelf[1])}
    return [rows[item["id"]] for item in page["items"]]


def value_in_row(sandbox: Sandbox, row: int, slug: str) -> str:
    """The value of a row's field, as a query has it."""
    value = sandbox.filter_shelf[1][row]["fieldData"][slug]
    return str(value).lower() if isinstance(value, bool) else str(value)


def expect_argument_refused(answer: requests.Response, *clause_ids: str) -> None:
    """Checks that a query is refused: which code and which words is the choice ``filters.refusal``."""
    named = answer.headers.get(CLAUSE_HEADER)
    if answer.status_code != 400 or set(answer.json()) < {"message", "code", "details"}:
        raise ClauseDiffers(clause_ids[0], "400 in the envelope", describe(answer))
    if named is not None and not set(clause_ids) <= {name.strip() for name in named.split(",")}:
        raise ClauseDiffers(clause_ids[0], ", ".join(clause_ids), named)
