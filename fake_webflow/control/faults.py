"""Faults as JSON: ``when`` says which calls, ``then`` what happens to them, in the words of ``fake_webflow.faults``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..conditions import Fault
from ..handle.faults import FakeFaults, NewFault
from ..rules import find_clause
from ..wording import suggest
from .request import ControlError, ControlRequest

_LONGEST = 366 * 24 * 60 * 60


def list_faults(request: ControlRequest) -> tuple[int, Any]:
    """The faults that are on."""
    return 200, {"faults": [_fault_object(fault) for fault in request.fake.state.faults.scripts]}


def add_fault(request: ControlRequest) -> tuple[int, Any]:
    """Sets one fault."""
    condition = dict(request.body.get("when", {}))
    operations = condition.pop("operations", [])
    faults = FakeFaults(lambda: request.fake)
    known = {fault.number for fault in faults}
    fault = faults.on(*operations, **condition)
    try:
        for name, arguments in request.body["then"].items():
            _apply_effect(fault, name, arguments)
    except ValueError:
        fault.stop()
        raise
    added = [one for one in faults if one.number not in known]
    if not added:
        raise ValueError('then: says nothing; name what happens to the calls, as {"respond": {"status": 500}}')
    return 201, _fault_object(added[-1])


def clear_faults(request: ControlRequest) -> tuple[int, Any]:
    """Takes every fault off."""
    request.fake.stop_faults()
    return 200, {"faults": []}


def delete_fault(request: ControlRequest) -> tuple[int, Any]:
    """Takes one fault off."""
    named = request.parameters["fault"]
    numbers = [str(fault.number) for fault in request.fake.state.faults.scripts]
    if named not in numbers:
        raise ControlError(
            404, "no_such_fault", f"no fault is on that has the number {named}; {suggest(named, numbers)}"
        )
    request.fake.change(lambda state: state._replace(faults=state.faults.without(int(named))))
    return list_faults(request)


def _apply_effect(fault: NewFault, name: str, arguments: Mapping[str, Any]) -> None:
    if arguments.get("seconds", 0) > _LONGEST:
        raise ValueError(f"then.{name}.seconds: a year at most, {_LONGEST}")
    if name != "refuse":
        getattr(fault, name)(**arguments)  # the document lists the names, and the arguments of each
        return
    values = arguments.get("values", {})
    refuses = _find_message(arguments["clause"])
    for name_of_value in values:
        if f"${name_of_value}" not in refuses and f"${{{name_of_value}}}" not in refuses:
            raise ValueError(
                f"then.refuse.values: the message of {arguments['clause']} has no ${name_of_value}: {refuses}"
            )
    fault.refuse(arguments["clause"], **values)


def _find_message(name: str) -> str:
    """The message of a clause; empty where it refuses nothing.

    Raises:
        ValueError: No clause has that name.
    """
    try:
        found = find_clause(name)
    except LookupError as error:
        raise ValueError(str(error)) from None
    return found.refuses.message if found.refuses else ""


def _fault_object(fault: Fault) -> dict[str, Any]:
    when = fault.when._asdict() | {
        "operations": sorted(fault.when.operations),
        "path_params": dict(fault.when.path_params),
    }
    return {
        "number": fault.number,
        "when": {name: value for name, value in when.items() if value not in ("", None, [], {})},
        "then": [str(effect) for effect in fault.effects],
        "seen": fault.seen,
        "hit": fault.hit,
    }
