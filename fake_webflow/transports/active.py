"""Which fakes are active, which of them a request is for, and what is not sent while one is.

Nothing is patched here (see ``interception``); this is what the patches ask.
"""

from __future__ import annotations

import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING
from weakref import WeakSet

from ..api.pipeline import begin_answer
from ..errors import FakeEnded, HostBlocked
from ..exchange import Waits, finish
from ..fake import Fake
from ..message import Request, Response, is_loopback
from ..world.addresses import BUCKET, WEBFLOW_ORIGINS

if TYPE_CHECKING:
    from .interception import Activation

_HOSTS = frozenset(origin.removeprefix("https://") for origin in WEBFLOW_ORIGINS)
_SHARED_HOST = "s3.amazonaws.com"  # other people's buckets have it, too
_OWN_PATHS = (f"/{BUCKET}/", f"/{BUCKET}?")
# Enough of an upload form for the fields before the file, S3's limit for which is 20 KB.
_FORM_HEAD_SIZE = 20_000


_changing = threading.Lock()
_active: tuple[Activation, ...] = ()
_ended: WeakSet[Fake] = WeakSet()
# What the current thread or task activated: its own fakes come before those of tests that run beside it.
_own: ContextVar[tuple[Activation, ...]] = ContextVar("fake_webflow_own_activations", default=())


def push(activation: Activation) -> None:
    """Makes it the innermost one."""
    global _active
    with _changing:
        _active = (*_active, activation)
        _ended.discard(activation.fake)
    _own.set((*_still_active(_own.get()), activation))


def remove(activation: Activation) -> None:
    """Ends it, innermost or not; once is enough."""
    global _active
    with _changing:
        _active = tuple(other for other in _active if other is not activation)
        if all(other.fake is not activation.fake for other in _active):
            _ended.add(activation.fake)
    _own.set(_still_active(_own.get()))


def is_any_active() -> bool:
    """Whether there is a fake to take requests."""
    return bool(_active)


def is_for_active_fake(scheme: str, host: str | None, port: int | None, target: str) -> bool:
    """Whether a request is for an active fake rather than for the network.

    Args:
        scheme: Lower-case.
        host: Lower-case.
        port: None for the scheme's own.
        target: Path and query, percent-encoded or not.

    Raises:
        HostBlocked: It is for another host, and an active fake was told to block these.
    """
    if not _active:
        return False
    if host in _HOSTS and scheme == "https" and port in (None, 443) and _is_own(host, target):
        return True
    relevant = _still_active(_own.get()) or _active
    if any(activation.block_other_hosts for activation in relevant) and not is_loopback(host or ""):
        raise HostBlocked(
            f"{scheme}://{host}{target.partition('?')[0]} was not requested: while this fake is active every host but "
            "Webflow's and this machine is blocked. Stub that host, or take block_other_hosts off."
        )
    return False


def dispatch(request: Request) -> Response:
    """The answer of the fake the request is for.

    Raises:
        FakeEnded: The last one ended while the request was on its way.
    """
    return finish(begin_dispatch(request))


def begin_dispatch(request: Request) -> Waits[Response]:
    """The same, step by step.

    With several of them the bearer token says whose call it is, and for uploads and files the object; where that does
    not tell, the innermost takes it.

    Raises:
        FakeEnded: The last one ended while the request was on its way.
    """
    candidates = _innermost_first()
    if not candidates:
        raise FakeEnded(_ENDED)
    if len(candidates) == 1:
        return begin_answer(candidates[0], request)
    form = _read_form_head(request)
    return begin_answer(next((fake for fake in candidates if _knows(fake, request, form)), candidates[0]), request)


def begin_dispatch_to(fake: Fake, request: Request) -> Waits[Response]:
    """The answer of one fake, step by step, for transports that are bound to it.

    Raises:
        FakeEnded: The fake was active, and is no more.
    """
    if fake in _ended:
        raise FakeEnded(_ENDED)
    return begin_answer(fake, request)


_ENDED = (
    "this fake belonged to a test that has ended: something kept a client, session or transport of that test "
    "and used it later. Make it anew in each test, from that test's own fake."
)


def _is_own(host: str, target: str) -> bool:
    return host != _SHARED_HOST or target.startswith(_OWN_PATHS) or target == f"/{BUCKET}"


def _still_active(activations: tuple[Activation, ...]) -> tuple[Activation, ...]:
    return tuple(activation for activation in activations if activation in _active)


def _innermost_first() -> list[Fake]:
    active = _active
    if len(active) == 1:
        return [active[0].fake]
    own = _own.get()
    order = [*(each for each in active if each not in own), *(each for each in own if each in active)]
    return [activation.fake for activation in reversed(order)]


def _read_form_head(request: Request) -> bytes:
    if request.method != "POST" or "authorization" in request.headers:
        return b""
    head = request.stream.read(_FORM_HEAD_SIZE)
    request.stream.seek(0)
    return head


def _knows(fake: Fake, request: Request, form: bytes) -> bool:
    """Whether the request names what this fake has: a token, a file, or an asset whose file is to be uploaded."""
    world = fake.state.world
    if request.bearer_token:
        return request.bearer_token in world.tokens
    if form:
        return any(asset.key.encode() in form for asset in world.assets)
    key = request.path.removeprefix("/").removeprefix(f"{BUCKET}/")
    return world.files.get(key) is not None
