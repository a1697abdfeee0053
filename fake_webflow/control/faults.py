"""Faults as JSON: ``when`` says which calls, ``then`` what happens to them, in the words of ``fake_webflow.faults``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..conditions import Fault
from ..handle.faults import FakeFaults, NewFault
from ..rules import clause
from ..wording import nearest
from .request import Asked, ControlError

_LONGEST = 366 * 24 * 60 * 60


def list_faults(asked: Asked) -> tuple[int, Any]:
    """The faults that are on."""
    return 200, {"faults": [_said(fault) for fault in asked.fake.state.faults.scripts]}


def add_fault(asked: Asked) -> tuple[int, Any]:
    """Sets one fault."""
    given = dict(asked.body.get("when", {}))
    operations = given.pop("operations", [])
    faults = FakeFaults(lambda: asked.fake)
    known = {fault.number for fault in faults}
    fault = faults.on(*operations, **given)
    try:
        for name, arguments in asked.body["then"].items():
            _tell(fault, name, arguments)
    except ValueError:
        fault.stop()
        raise
    added = [one for one in faults if one.number not in known]
    if not added:
        raise ValueError('then: says nothing; name what happens to the calls, as {"respond": {"status": 500}}')
    return 201, _said(added[-1])


def clear_faults(asked: Asked) -> tuple[int, Any]:
    """Takes every fault off."""
    asked.fake.stop_faults()
    return 200, {"faults": []}


def delete_fault(asked: Asked) -> tuple[int, Any]:
    """Takes one fault off."""
    named = asked.parameters["fault"]
    numbers = [str(fault.number) for fault in asked.fake.state.faults.scripts]
    if named not in numbers:
        raise ControlError(
            404, "no_such_fault", f"no fault is on that has the number {named}; {nearest(named, numbers)}"
        )
    asked.fake.change(lambda state: state._replace(faults=state.faults.without(int(named))))
    return list_faults(asked)


def _tell(fault: NewFault, name: str, arguments: Mapping[str, Any]) -> None:
    if arguments.get("seconds", 0) > _LONGEST:
        raise ValueError(f"then.{name}.seconds: a year at most, {_LONGEST}")
    if name != "refuse":
        getattr(fault, name)(**arguments)  # the document lists the names, and the arguments of each
        return
    values = arguments.get("values", {})
    refuses = _message_of(arguments["clause"])
    for given in values:
        if f"${given}" not in refuses and f"${{{given}}}" not in refuses:
            raise ValueError(f"then.refuse.values: the message of {arguments['clause']} has no ${given}: {refuses}")
    fault.refuse(arguments["clause"], **values)


def _message_of(name: str) -> str:
    """The message of a clause; empty where it refuses nothing.

    Raises:
        ValueError: No clause has that name.
    """
    try:
        found = clause(name)
    except LookupError as error:
        raise ValueError(str(error)) from None
    return found.refuses.message if found.refuses else ""


def _said(fault: Fault) -> dict[str, Any]:
    when = fault.when._asdict() | {"operations": sorted(fault.when.operations)}
    return {
        "number": fault.number,
        "when": {name: value for name, value in when.items() if value not in ("", None, [])},
        "then": [str(effect) for effect in fault.effects],
        "seen": fault.seen,
        "hit": fault.hit,
    }
