"""One of the two targets: where it works, how a call is made there, and how it is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from fake_webflow.client import WebflowError

from ..generated.answers import NormalizedAnswer
from ..generated.calls import CallSequence, CallSpec
from ..generated.comparing import Difference, find_differences
from ..generated.playing import Player, Unreachable, list_locales
from ..kit.sandbox import Sandbox
from ..kit.sites import SandboxRefused
from ..kit.targets import Target, UrlTarget
from ..run.preflight import CannotRun, check_target


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a sequence, and what both sides answered."""

    call: CallSpec
    left: NormalizedAnswer
    right: NormalizedAnswer
    differences: tuple[Difference, ...]


class Peer:
    """One target, with the site to work in.

    Args:
        target: The API.
        run_id: Tells what this run makes from what others make.
        option: What of the command line names its site, for messages.

    Raises:
        CannotRun: It cannot be reached, its site is not clear, or is not a sandbox.
    """

    def __init__(self, target: Target, run_id: str, *, option: str = "--webflow-site") -> None:
        self.target = target
        self._run_id = run_id
        self._sequences = 0
        try:
            self.sandbox = Sandbox(target, run_id)
        except SandboxRefused as error:
            raise CannotRun(" ".join(str(error).replace("--webflow-site", option).split())) from None

    @classmethod
    def connect(cls, target: UrlTarget, run_id: str, *, option: str) -> Peer:
        """A side whose target was asked first whether it is Webflow's API, and whether the token may do all it takes.

        Raises:
            CannotRun: It is not, or may not.
        """
        try:
            check_target(target)
        except CannotRun as error:
            raise CannotRun(str(error).replace("--site", option)) from None
        return cls(target, run_id, option=option)

    @property
    def is_rationed(self) -> bool:
        """Whether calls are to be spared from the beginning. What is on this machine may be free; calls will show."""
        on_this_machine = isinstance(self.target, UrlTarget) and self.target.address.is_loopback
        return self.target.is_rationed and not on_this_machine

    @property
    def locales(self) -> list[str]:
        """The ids of its CMS locales, the primary one first; none on a site without localization."""
        return list_locales(self.sandbox.site)

    def sweep(self) -> None:
        """Removes what dead runs left.

        Raises:
            CannotRun: It cannot be done.
        """
        try:
            self.sandbox.sweep()
        except (WebflowError, SandboxRefused) as error:
            raise CannotRun(f"{self.target.name}: {' '.join(str(error).split())}") from None

    @contextmanager
    def sequence(self, *, removing: bool = True) -> Iterator[Player]:
        """One sequence, played by what is handed over; all it makes is gone afterwards.

        Args:
            removing: False where the caller undoes everything in another way.

        Raises:
            CannotRun: No answer came.
        """
        self._sequences += 1
        player = Player(self.target, self.sandbox.site, f"{self._run_id}{self._sequences:04x}")
        try:
            yield player
        except Unreachable as error:
            raise CannotRun(str(error)) from None
        except KeyboardInterrupt:
            if removing:  # what was asked for last is there perhaps, and its id was never heard of
                with suppress(CannotRun):
                    self.sweep()
            raise
        finally:
            if removing:
                player.remove()


def play_alone(peer: Peer, calls: CallSequence) -> list[NormalizedAnswer]:
    """What one side answers to each call of a sequence; the caller undoes what is done."""
    with peer.sequence(removing=False) as player:
        return player.play(calls)


def play_both(left: Peer, right: Peer, calls: CallSequence, *, rationed: bool = False) -> list[Step]:
    """Makes the calls on both sides in lock-step, up to the first that one side does and the other refuses.

    After that call the two sides hold different things, and whatever comes may differ for that reason. Where calls are
    rationed, rate limits are waited out, and the sequence is played to its end, since there is no other.

    Raises:
        RateLimited: A side limits the rate though calls were thought to be free.
        CannotRun: No answer came.
    """
    steps = []
    with left.sequence() as on_the_left, right.sequence() as on_the_right:
        for call in calls:
            one = on_the_left.make_call(call, waiting=rationed)
            other = on_the_right.make_call(call, waiting=rationed)
            steps.append(Step(call, one, other, tuple(find_differences(one, other))))
            if one.is_done != other.is_done and not rationed:
                break
    return steps
