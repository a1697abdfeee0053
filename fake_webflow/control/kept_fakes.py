"""The fakes of a server in a state file: the main one, and the forks that have names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..fake import Fake, State
from ..state_file.kept import KeptFake, StateFile
from ..world.world import World
from .hosted_fakes import HostedFake, HostedFakes, Snapshot


class KeptFakes:
    """Writes the fakes of a server down, and finds them again.

    Args:
        hosted_fakes: The fakes, with a default one, which is the main one. What changes of them is kept once one of
            the methods was called.
        file: Where to.
    """

    def __init__(self, hosted_fakes: HostedFakes, file: StateFile) -> None:
        assert hosted_fakes.default is not None, "a server with a state file has a main fake"
        self._hosted_fakes = hosted_fakes
        self._main = hosted_fakes.default
        self._file = file

    def begin(self, facts: Mapping[str, Any], state: State, origin: str) -> None:
        """Keeps the main fake, which begins with that state. What the file had before goes.

        Args:
            facts: What is to be known of the file as a whole.
            state: What the main fake begins with.
            origin: Origin of the addresses in it.
        """
        self._file.clear()
        self._file.write_facts(facts)
        self._main.origin = origin
        self._watch(self._main)
        self._hosted_fakes.seed_default(state, origin)
        self._hosted_fakes.keeper = self

    def resume(self) -> None:
        """Has the fakes of the file go on from where they were left.

        Raises:
            StateFileError: What is in the file cannot be read.
        """
        main, *forks = self._file.read_fakes(self._main.fake.limits)
        self._resume_main(main)
        for kept in forks:
            self._resume_fork(kept)
        self._hosted_fakes.keeper = self

    def keep(self, hosted: HostedFake) -> None:
        """Keeps a fork from now on. Raises StateFileError if it cannot be written."""
        beginning, fake = hosted.beginning, hosted.fake
        self._file.begin(hosted.id, fake, _describe(hosted), (beginning.state, beginning.profile))
        self._watch(hosted)

    def forget(self, hosted: HostedFake) -> None:
        """Keeps a fork no longer."""
        with hosted.fake.hold_lock():
            hosted.keep_beginning = None
            self._file.end(hosted.id, hosted.fake)

    def _resume_main(self, kept: KeptFake) -> None:
        hosted, beginning, now = self._main, kept.beginning, kept.now
        hosted.origin, before = kept.facts["origin"], kept.facts["token"]
        self._watch(hosted)
        if before != hosted.token:
            beginning.state = _exchange_token(beginning.state, before, hosted.token)
            now.state = _exchange_token(now.state, before, hosted.token)
            self._file.begin(
                "", hosted.fake, _describe(hosted), (beginning.state, beginning.profile), (now.state, now.profile)
            )
            hosted.fake.resume(now.state, now.profile)
        else:
            self._file.resume(kept, hosted.fake)
        hosted.beginning = Snapshot(beginning.state, beginning.profile)

    def _resume_fork(self, kept: KeptFake) -> None:
        main, facts = self._main.fake, kept.facts
        fake = Fake(
            State(World()),
            webhook_hosts=main.webhooks.allowed_hosts,
            upload_secret=main.upload_secret,
            limits=main.limits,
        )
        fake.on_exchange = main.on_exchange
        self._file.resume(kept, fake)
        hosted = self._hosted_fakes.add(
            fake,
            facts["fake_token"],
            origin=facts["origin"],
            name=kept.name,
            token=facts["token"],
            made_with=facts["made_with"],
            idle_seconds=facts["idle_seconds"],
        )
        hosted.beginning = Snapshot(kept.beginning.state, kept.beginning.profile)
        self._watch(hosted)

    def _watch(self, hosted: HostedFake) -> None:
        """Has a new beginning of the fake be written down before it is one."""

        def keep_beginning(snapshot: Snapshot) -> None:
            self._file.begin(hosted.id, hosted.fake, _describe(hosted), (snapshot.state, snapshot.profile))

        hosted.keep_beginning = keep_beginning


def _describe(hosted: HostedFake) -> Mapping[str, Any]:
    return {
        "origin": hosted.origin,
        "token": hosted.token,
        "fake_token": hosted.fake_token,
        "made_with": dict(hosted.made_with),
        "idle_seconds": hosted.idle_seconds,
    }


def _exchange_token(state: State, before: str, now: str) -> State:
    """The state with another token in the place of one."""
    tokens = dict(state.world.tokens)
    known = tokens.pop(before, None)
    if known is not None:
        tokens.setdefault(now, replace(known, token=now))
    return state._replace(world=state.world._replace(tokens=tokens))
