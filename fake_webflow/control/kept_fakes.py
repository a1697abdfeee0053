"""The fakes of a server in a state file: the main one, and the forks that have names."""

from __future__ import annotations

from functools import partial

from ..fake import State
from ..state_file.kept import KeptFake, StateFile
from .hosted_fakes import HostedFake, HostedFakes, Snapshot


class KeptFakes:
    """Writes the fakes of a server down, and finds them again.

    Args:
        hosted_fakes: The fakes; what else of them changes is kept from then on.
        file: Where to.
    """

    def __init__(self, hosted_fakes: HostedFakes, file: StateFile) -> None:
        self._hosted_fakes = hosted_fakes
        self._file = file

    def begin(self, state: State, origin: str) -> None:
        """Keeps the main fake, which begins with that state.

        Args:
            state: What it begins with.
            origin: Origin of the addresses in it.
        """
        hosted = self._default()
        self._watch(hosted, origin)
        self._hosted_fakes.seed_default(state, origin)

    def resume(self, token: str) -> None:
        """Has the fakes of the file go on from where they were left.

        Args:
            token: Of the main fake's clients from now on.

        Raises:
            StateFileError: What is in the file cannot be read.
        """
        hosted = self._default()
        for kept in self._file.read_fakes(hosted.fake.limits):
            self._resume_default(kept, token)

    def _resume_default(self, kept: KeptFake, token: str) -> None:
        hosted, origin, before = self._default(), kept.facts["origin"], kept.facts["token"]
        beginning, now = kept.beginning, kept.now
        if token != before:
            beginning.state, now.state = (_exchange_token(state, before, token) for state in (beginning.state, now.state))
        hosted.origin = origin
        hosted.beginning = Snapshot(beginning.state, beginning.profile)
        self._file.resume(kept, hosted.fake)
        self._watch(hosted, origin)
        if token != before:
            facts = {**kept.facts, "token": token}
            self._file.begin("", hosted.fake, facts, (beginning.state, beginning.profile), (now.state, now.profile))

    def _watch(self, hosted: HostedFake, origin: str) -> None:
        facts = {"origin": origin, "token": hosted.token}

        def keep_beginning(snapshot: Snapshot) -> None:
            self._file.begin(hosted.id, hosted.fake, facts, (snapshot.state, snapshot.profile))

        hosted.keep_beginning = keep_beginning

    def _default(self) -> HostedFake:
        assert self._hosted_fakes.default is not None, "a server with a state file has a main fake"
        return self._hosted_fakes.default


def _exchange_token(state: State, before: str, now: str) -> State:
    """The state with another token in the place of one."""
    tokens = dict(state.world.tokens)
    known = tokens.pop(before, None)
    if known is not None:
        tokens.setdefault(now, replace(known, token=now))
    return state._replace(world=state.world._replace(tokens=tokens))
