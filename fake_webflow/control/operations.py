"""What the control interface can do, by the operation ids of its document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..conditions import Clock, Exchange
from ..handle.names import operations_named
from ..rules import Profile
from ..wording import nearest
from ..world.instants import instant, timestamp
from . import faults, forks
from .document import document
from .hosted_fakes import Kept, site_ids
from .request import Asked, ControlError, Operation

_STATUS = re.compile(r"[0-9]{3}|[1-5]xx")


def read_document(_: Asked) -> tuple[int, Any]:
    """The OpenAPI document of all this."""
    return 200, document()


def read_state(asked: Asked) -> tuple[int, Any]:
    """A fake in short."""
    state, tenant = asked.fake.state, asked.meant
    usual = Profile().chosen
    return 200, {
        "fork": tenant.id or None,
        **site_ids(asked.fake),
        "items": {
            collection.id: {"staged": len(collection.staged), "live": len(collection.live)}
            for collection in state.world.collections.values()
        },
        "assets": len(state.world.assets),
        "files": len(state.world.files),
        "webhooks": len(state.world.webhooks),
        "client_secret": asked.fake.webhooks.client_secret,
        "profile": {name: option for name, option in asked.fake.profile.chosen.items() if option != usual[name]},
        "clock": _clock_of(state.clock),
        "rate_limit": state.rate.limit,
        "faults": len(state.faults.scripts),
        "journal": len(asked.fake.journal),
        "snapshots": list(tenant.snapshots),
    }


def reset(asked: Asked) -> tuple[int, Any]:
    """Goes back to the beginning, with an empty journal."""
    asked.meant.beginning.put_back(asked.fake)
    asked.fake.journal.clear()
    return read_state(asked)


def list_snapshots(asked: Asked) -> tuple[int, Any]:
    """The names of the snapshots of a fake."""
    return 200, {"snapshots": list(asked.meant.snapshots)}


def take_snapshot(asked: Asked) -> tuple[int, Any]:
    """Keeps the state as it is now, under a name."""
    asked.meant.snapshots[asked.parameters["snapshot"]] = Kept.of(asked.fake)
    return list_snapshots(asked)


def restore_snapshot(asked: Asked) -> tuple[int, Any]:
    """Goes back to a snapshot."""
    _snapshot(asked).put_back(asked.fake)
    return read_state(asked)


def delete_snapshot(asked: Asked) -> tuple[int, Any]:
    """Forgets a snapshot."""
    _snapshot(asked)
    asked.meant.snapshots.pop(asked.parameters["snapshot"], None)
    return list_snapshots(asked)


def read_clock(asked: Asked) -> tuple[int, Any]:
    """What time it is."""
    return 200, _clock_of(asked.fake.state.clock)


def advance_clock(asked: Asked) -> tuple[int, Any]:
    """Moves the clock on."""
    asked.fake.advance(asked.body["seconds"])
    return read_clock(asked)


def freeze_clock(asked: Asked) -> tuple[int, Any]:
    """Stops the clock where it is."""
    asked.fake.freeze()
    return read_clock(asked)


def run_clock(asked: Asked) -> tuple[int, Any]:
    """Has the clock run on with the machine's, from what it shows."""
    asked.fake.run_clock()
    return read_clock(asked)


def read_rate_limit(asked: Asked) -> tuple[int, Any]:
    """The rate limit."""
    return 200, {"limit": asked.fake.state.rate.limit}


def set_rate_limit(asked: Asked) -> tuple[int, Any]:
    """Sets the rate limit, and counting begins anew."""
    asked.fake.limit_rate(asked.body["limit"])
    return read_rate_limit(asked)


def read_journal(asked: Asked) -> tuple[int, Any]:
    """What was asked and answered, oldest first."""
    operations = operations_named(asked.query["operation"]) if "operation" in asked.query else None
    status, since = _status(asked.query), _since(asked.query)
    found = [
        _exchange(exchange)
        for exchange in asked.fake.journal
        if (operations is None or exchange.operation in operations)
        and f"{exchange.status:03}".startswith(status)
        and exchange.instant >= since
    ]
    return 200, {"exchanges": found}


def clear_journal(asked: Asked) -> tuple[int, Any]:
    """Forgets what was asked."""
    asked.fake.journal.clear()
    return 200, {"exchanges": []}


def _snapshot(asked: Asked) -> Kept:
    name, known = asked.parameters["snapshot"], asked.meant.snapshots
    found = known.get(name)
    if found is None:
        raise ControlError(404, "no_such_snapshot", f"no snapshot is named {name!r}; {nearest(name, known)}")
    return found


def _clock_of(clock: Clock) -> dict[str, Any]:
    now = clock.now
    return {"now": now, "time": timestamp(now), "frozen": clock.frozen}


def _status(query: Mapping[str, str]) -> str:
    """The digits that a status begins with."""
    wanted = query.get("status", "xxx").lower()
    if wanted != "xxx" and not _STATUS.fullmatch(wanted):
        raise ValueError(f"status: three digits, as 404, or a class, as 4xx; not {wanted!r}")
    return wanted.rstrip("x")


def _since(query: Mapping[str, str]) -> int:
    wanted = query.get("since", "0")
    if wanted.isdecimal():
        return int(wanted)
    try:
        return instant(wanted)
    except ValueError:
        raise ValueError(
            f"since: milliseconds since 1970 on the fake's clock, or a date as 2026-01-31T09:30:00Z; not {wanted!r}"
        ) from None


def _exchange(exchange: Exchange) -> dict[str, Any]:
    plain = {"query": dict(exchange.query), "parameters": dict(exchange.parameters)}
    return {"time": timestamp(exchange.instant), **exchange._asdict(), **plain}


OPERATIONS: Mapping[str, Operation] = {
    "readDocument": read_document,
    "listForks": forks.list_forks,
    "createFork": forks.create_fork,
    "deleteFork": forks.delete_fork,
    "readState": read_state,
    "seed": forks.seed,
    "reset": reset,
    "listSnapshots": list_snapshots,
    "takeSnapshot": take_snapshot,
    "restoreSnapshot": restore_snapshot,
    "deleteSnapshot": delete_snapshot,
    "readClock": read_clock,
    "advanceClock": advance_clock,
    "freezeClock": freeze_clock,
    "runClock": run_clock,
    "listFaults": faults.list_faults,
    "addFault": faults.add_fault,
    "clearFaults": faults.clear_faults,
    "deleteFault": faults.delete_fault,
    "readRateLimit": read_rate_limit,
    "setRateLimit": set_rate_limit,
    "readJournal": read_journal,
    "clearJournal": clear_journal,
}
"""By operation id."""
