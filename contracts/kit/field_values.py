"""Values of fields: items made with them, and refusals of those that are not taken."""

from __future__ import annotations

import json
from typing import Any

from .expect import expect_field_problems
from .sandbox import Sandbox, SandboxCollection


def print_as_node(value: Any) -> str:
    """A simple value as Node's ``util.inspect`` prints it."""
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, list):
        return f"[ {', '.join(map(print_as_node, value))} ]" if value else "[]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key}: {print_as_node(part)}' for key, part in value.items())} }}" if value else "{}"
    return json.dumps(value)


def create_with(sandbox: Sandbox, collection: SandboxCollection | None = None, /, **data: Any) -> Any:
    """The answer to creating an item with this field data."""
    body = {"fieldData": {"name": sandbox.name(), **data}}
    return sandbox.call("POST", (collection or sandbox.everything).path, json=body)


def expect_not_taken(sandbox: Sandbox, slug: str, value: Any, clause_id: str, quoted: str | None = None) -> None:
    """Checks that a value is refused, created or updated, and that nothing changes."""
    item = sandbox.new_item()
    text = {"value": print_as_node(value) if quoted is None else quoted}
    with sandbox.expect_unchanged():
        for answer in (
            create_with(sandbox, **{slug: value}),
            sandbox.call("PATCH", f"{sandbox.everything.path}/{item['id']}", json={"fieldData": {slug: value}}),
        ):
            expect_field_problems(answer, (slug, clause_id, text))
