"""Application code reaches the fake unmodified: while one is active, HTTP libraries hand it what is for Webflow.

Each library is patched in one place, by the module named below, and only once the program has imported it. Nothing is
imported for the sake of patching; what is imported later is patched when it is there. When the last activation ends,
everything is as it was.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType, TracebackType
from typing import Any, Self

from .. import package_data
from ..fake import Fake
from . import active, guard
from .patching import Patch

# requests is not among them, nor is niquests: what they send goes through urllib3 and urllib3-future.
_TRANSPORTS = {
    "aiohttp": ".aiohttp_connector",
    "httpx": ".httpx_transport",
    "httpx2": ".httpx_transport",
    "responses": ".responses_passthrough",
    "urllib3": ".urllib3_pool",
    "urllib3_future": ".urllib3_pool",
}
"""The libraries, with the module whose ``make_patches`` says what is patched of each."""

_changing = threading.RLock()
_patches: dict[str, Sequence[Patch]] = {}


class Activation:
    """One time span in which a fake takes requests, from ``activate`` on to ``end``.

    Args:
        fake: Who answers.
        block_other_hosts: Whether requests to hosts that are neither Webflow's nor this machine are refused meanwhile.
    """

    def __init__(self, fake: Fake, *, block_other_hosts: bool = False) -> None:
        self.fake = fake
        self.block_other_hosts = block_other_hosts

    def end(self) -> None:
        """Ends it, in whatever order; a second call does nothing."""
        with _changing:
            active.remove(self)
            if not active.is_any_active():
                _revert()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.end()


def activate(fake: Fake, *, block_other_hosts: bool = False) -> Activation:
    """Lets that fake take what the program sends to Webflow's hosts, until the activation ends.

    Args:
        fake: Who answers.
        block_other_hosts: Whether requests to hosts that are neither Webflow's nor this machine are refused meanwhile.

    Returns:
        The activation, to be ended by ``end`` or as a context manager.
    """
    package_data.load_all()
    activation = Activation(fake, block_other_hosts=block_other_hosts)
    try:
        with _changing:
            active.push(activation)
            if _finder not in sys.meta_path:
                # pyfakefs ends by taking away the first finder, which is to be its own.
                is_pyfakefs_first = type(sys.meta_path[0]).__module__.startswith("pyfakefs")
                sys.meta_path.insert(int(is_pyfakefs_first), _finder)
                guard.begin()
        for name in _TRANSPORTS:
            if sys.modules.get(name) is not None:  # None is how tests say that there is no such library
                import_module(name)  # which waits, should another thread be importing it right now
                _patch(name)
    except BaseException:
        activation.end()
        raise
    return activation


def _patch(name: str) -> None:
    # Not under the lock: imports have locks of their own, and another thread may hold one of these and wait for ours.
    patches = _patches_of(sys.modules[name], _TRANSPORTS[name])
    with _changing:
        if active.is_any_active() and name not in _patches:
            for patch in patches:
                patch.apply()
            _patches[name] = patches


@cache
def _patches_of(library: ModuleType, transport: str) -> Sequence[Patch]:
    patches: Sequence[Patch] = import_module(transport, __package__).make_patches(library)
    return patches


def _revert() -> None:
    for patches in _patches.values():
        for patch in patches:
            patch.revert()
    _patches.clear()
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
        guard.end()


class _LateImports(MetaPathFinder):
    """Finds the libraries as they would have been found without it, and has them patched when they are loaded."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _TRANSPORTS:
            return None
        for finder in list(sys.meta_path):
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _PatchingLoader(spec.loader)
                return spec
        return None


class _PatchingLoader(Loader):
    """Stands in for a library's loader until it has loaded."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        _patch(module.__name__)


_finder = _LateImports()
