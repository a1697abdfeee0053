"""What a message has to say, whatever its wording."""

from __future__ import annotations


def assert_facts(text: str, *facts: str) -> None:
    """Asserts that each of the facts, such as a name, a number or a hint, stands in the message."""
    missing = [fact for fact in facts if fact not in text]
    assert not missing, f"{missing} not in {text!r}"
