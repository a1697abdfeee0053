"""``serve --state``: what a state file was begun with, and what of a new start holds beside it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from ..errors import StateFileError
from .common import CommandError

if TYPE_CHECKING:
    from ..control.hosted_fakes import HostedFakes
    from ..fake import State
    from ..state_file.kept import StateFile
    from .serve import ServeSettings

# What a world is made of, and what may be another with each start.
_BEGINNING, _SETTINGS = ("scenario", "seed", "now"), ("rate_limit", "profile", "limit")


def open_kept(settings: ServeSettings) -> KeptWorld:
    """The state file of ``--state``.

    Raises:
        CommandError: It cannot be used, or was begun with something else.
    """
    from ..state_file.kept import StateFile

    assert settings.state is not None, "there is a file to open"
    try:
        file = StateFile(settings.state)
    except StateFileError as error:
        raise CommandError(str(error)) from None
    kept = KeptWorld(file, settings)
    if not kept.is_new:
        kept.check_beginning()
    return kept


class KeptWorld:
    """A state file under the settings of one start.

    Args:
        file: Open.
        settings: As given.

    Attributes:
        is_new: Whether there is nothing in it that counts.
        upload_secret: What upload forms are signed with.
        limits: The bounds that were given, now or before.
    """

    def __init__(self, file: StateFile, settings: ServeSettings) -> None:
        self.file = file
        self._settings = settings
        self.is_new = file.is_new or settings.reset_state
        self._before: Mapping[str, Any] = {} if self.is_new else file.facts
        given = _describe(settings)
        self._facts = {
            name: given[name] if name in settings.given or name not in self._before else self._before[name]
            for name in (*_BEGINNING, *_SETTINGS)
        }
        self.upload_secret: str = self._before.get("upload_secret") or token_hex(32)
        self.limits: Mapping[str, int] = self._facts["limit"]

    def check_beginning(self) -> None:
        """Compares what was given with what the world began with.

        Raises:
            CommandError: That was something else.
        """
        for name in _BEGINNING:
            before, now = self._before[name], self._facts[name]
            if _identify(before) != _identify(now):
                self.file.close()
                raise CommandError(
                    f"{self.file.path} began with {_describe_beginning(name, before)}, and this start says "
                    f"{_describe_beginning(name, now)}: leave the option out to go on with what is in the file, name "
                    "another file, or add --reset-state to forget what is in it and begin anew"
                )

    def begin(self, hosted_fakes: HostedFakes, state: State, origin: str) -> None:
        """Keeps the fakes from now on."""
        from ..control.kept_fakes import KeptFakes

        facts = {**self._facts, "upload_secret": self.upload_secret}
        KeptFakes(hosted_fakes, self.file).begin(facts, state, origin)

    def resume(self, hosted_fakes: HostedFakes) -> None:
        """Has the fakes go on from the file. What is given otherwise than last time takes effect."""
        from ..control.kept_fakes import KeptFakes

        KeptFakes(hosted_fakes, self.file).resume()
        assert hosted_fakes.default is not None, "a served fake has a main one"
        fake = hosted_fakes.default.fake
        if self._facts["rate_limit"] != self._before["rate_limit"]:
            fake.limit_rate(self._facts["rate_limit"])
        if self._facts["profile"] != self._before["profile"]:
            fake.restore(fake.state, fake.profile.with_choices(self._facts["profile"]))
        if self._facts != {name: self._before[name] for name in self._facts}:
            self.file.write_facts(self._facts)


def _describe(settings: ServeSettings) -> Mapping[str, Any]:
    """The settings as JSON values."""
    plain = {name: getattr(settings, name) for name in (*_BEGINNING, *_SETTINGS)}
    return {**plain, "scenario": _describe_scenario(settings.scenario), "limit": dict(settings.limit)}


def _describe_scenario(name: str) -> Mapping[str, str]:
    """A scenario of the package by its name; another one by its content, since its place may change."""
    from .. import seeding

    if name in seeding.shipped_names():
        return {"name": name}
    try:
        return {"name": name, "sha256": sha256(Path(name).read_bytes()).hexdigest()}
    except OSError:
        return {"name": name}  # which is told where it is to be read


def _identify(value: Any) -> Any:
    return value.get("sha256", value["name"]) if isinstance(value, Mapping) else value


def _describe_beginning(name: str, value: Any) -> str:
    if not isinstance(value, Mapping):
        return f"--{name} {value}" if value is not None else f"no --{name}"
    content = f" (whose content is {value['sha256'][:12]}...)" if "sha256" in value else ""
    return f"--{name} {value['name']}{content}"
