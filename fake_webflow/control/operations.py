"""What the control interface can do, by the operation ids of its document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import __version__
from ..conditions import Clock
from ..errors import ArrangingError
from ..rules import Profile
from ..world.instants import read_moment, timestamp
from . import arranging, deliveries, faults, forks, journal, stubs
from .document import load_control_document
from .hosted_fakes import Snapshot, site_ids
from .request import ControlError, ControlOperation, ControlRequest


def read_health(_: ControlRequest) -> tuple[int, Any]:
    """Says that the server answers."""
    return 200, {"status": "ok", "version": __version__}


def read_control_document(_: ControlRequest) -> tuple[int, Any]:
    """The OpenAPI document of all this."""
    return 200, load_control_document()


def read_state(request: ControlRequest) -> tuple[int, Any]:
    """A fake in short."""
    state, hosted = request.fake.state, request.target
    usual = Profile().chosen
    return 200, {
        "fork": hosted.id or None,
        **site_ids(request.fake),
        "items": {
            collection.id: {"staged": len(collection.staged), "live": len(collection.live)}
            for collection in state.world.collections.values()
        },
        "assets": len(state.world.assets),
        "files": len(state.world.files),
        "webhooks": len(state.world.webhooks),
        "client_secret": request.fake.webhooks.client_secret,
        "profile": {name: option for name, option in request.fake.profile.chosen.items() if option != usual[name]},
        "clock": _clock_object(state.clock),
        "rate_limit": state.rate.limit,
        "faults": len(state.faults.scripts),
        "stubs": len(state.stubs.scripts),
        "journal": len(request.fake.journal),
        "snapshots": list(hosted.snapshots),
    }


def reset(request: ControlRequest) -> tuple[int, Any]:
    """Goes back to the beginning, with an empty journal."""
    request.target.beginning.restore(request.fake)
    request.fake.journal.clear()
    return read_state(request)


def list_snapshots(request: ControlRequest) -> tuple[int, Any]:
    """The names of the snapshots of a fake."""
    return 200, {"snapshots": list(request.target.snapshots)}


def take_snapshot(request: ControlRequest) -> tuple[int, Any]:
    """Keeps the state as it is now, under a name."""
    name, known = request.parameters["snapshot"], request.target.snapshots
    if name not in known:
        request.check_room("snapshots", len(known), "delete some")
    known[name] = Snapshot.of(request.fake)
    return list_snapshots(request)


def restore_snapshot(request: ControlRequest) -> tuple[int, Any]:
    """Goes back to a snapshot."""
    request.find_snapshot(request.parameters["snapshot"]).restore(request.fake)
    return read_state(request)


def delete_snapshot(request: ControlRequest) -> tuple[int, Any]:
    """Forgets a snapshot."""
    name = request.parameters["snapshot"]
    request.find_snapshot(name)
    request.target.snapshots.pop(name, None)
    return list_snapshots(request)


def read_clock(request: ControlRequest) -> tuple[int, Any]:
    """What time it is."""
    return 200, _clock_object(request.fake.state.clock)


def set_clock(request: ControlRequest) -> tuple[int, Any]:
    """Moves the clock, and no data, to a time."""
    try:
        request.fake.set_clock(read_moment(request.body["time"]))
    except ArrangingError as error:
        raise ControlError(409, "before_newest_date", str(error)) from None
    return read_clock(request)


def advance_clock(request: ControlRequest) -> tuple[int, Any]:
    """Moves the clock on."""
    request.fake.advance(request.body["seconds"])
    return read_clock(request)


def freeze_clock(request: ControlRequest) -> tuple[int, Any]:
    """Stops the clock where it is."""
    request.fake.freeze()
    return read_clock(request)


def run_clock(request: ControlRequest) -> tuple[int, Any]:
    """Has the clock run on with the machine's, from what it shows."""
    request.fake.run_clock()
    return read_clock(request)


def read_rate_limit(request: ControlRequest) -> tuple[int, Any]:
    """The rate limit."""
    return 200, {"limit": request.fake.state.rate.limit}


def set_rate_limit(request: ControlRequest) -> tuple[int, Any]:
    """Sets the rate limit, and counting begins anew."""
    request.fake.limit_rate(request.body["limit"])
    return read_rate_limit(request)


def _clock_object(clock: Clock) -> dict[str, Any]:
    now = clock.now
    return {"now": now, "time": timestamp(now), "frozen": clock.frozen}


CONTROL_OPERATIONS: Mapping[str, ControlOperation] = {
    "readHealth": read_health,
    "readDocument": read_control_document,
    "listForks": forks.list_forks,
    "createFork": forks.create_fork,
    "putFork": forks.put_fork,
    "deleteFork": forks.delete_fork,
    "readState": read_state,
    "seed": forks.seed_fake,
    "reset": reset,
    "listSnapshots": list_snapshots,
    "takeSnapshot": take_snapshot,
    "restoreSnapshot": restore_snapshot,
    "deleteSnapshot": delete_snapshot,
    "readClock": read_clock,
    "setClock": set_clock,
    "advanceClock": advance_clock,
    "freezeClock": freeze_clock,
    "runClock": run_clock,
    "listFaults": faults.list_faults,
    "addFault": faults.add_fault,
    "clearFaults": faults.clear_faults,
    "deleteFault": faults.delete_fault,
    "listStubs": stubs.list_stubs,
    "createStub": stubs.create_stub,
    "clearStubs": stubs.clear_stubs,
    "deleteStub": stubs.delete_stub,
    "readRateLimit": read_rate_limit,
    "setRateLimit": set_rate_limit,
    "readJournal": journal.read_journal,
    "clearJournal": journal.clear_journal,
    "assertJournal": journal.assert_journal,
    "addSite": arranging.add_site,
    "addCollection": arranging.add_collection,
    "addItems": arranging.add_items,
    "addAsset": arranging.add_asset,
    "listItems": arranging.list_items,
    "readScenario": arranging.read_scenario,
    "listDeliveries": deliveries.list_deliveries,
    "resendDelivery": deliveries.resend_delivery,
    "waitForDeliveries": deliveries.wait_for_deliveries,
}
"""By operation id."""
