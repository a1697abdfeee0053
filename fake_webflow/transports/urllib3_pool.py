"""urllib3, and with it requests, botocore and niquests: requests to Webflow are answered where a pool would send them.

``HTTPConnectionPool.urlopen`` is public and the one place all of them go through. What it does beside sending is done
here with the library's own means: retries by ``Retry``, and the responses are the library's.

niquests brings urllib3-future, which has the same names and an async pool beside them. It puts itself in urllib3's
place, or stands beside it as ``urllib3_future``. So all of this asks the library that a pool is of.
"""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Awaitable, Callable
from functools import wraps
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..conditions.faults import NetworkFault
from ..exchange import Waits, finish
from ..message import REASONS, Request, Response
from . import active
from .patching import Patch
from .wire import finish_async, headers_to_send, lower_case_headers, make_request, make_stream, read_body

if TYPE_CHECKING:
    from urllib3 import HTTPConnectionPool

_LIBRARIES = ("urllib3", "urllib3_future")
_OF_THE_POOL: Any = object()


def make_patches(library: ModuleType) -> list[Patch]:
    """What is patched of the library while a fake is active."""
    patches = [Patch(library.HTTPConnectionPool, "urlopen", _wrap_urlopen)]
    if hasattr(library, "AsyncHTTPConnectionPool"):
        patches.append(Patch(library.AsyncHTTPConnectionPool, "urlopen", _wrap_async_urlopen))
    return patches


def _wrap_urlopen(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def urlopen(pool: HTTPConnectionPool, *arguments: Any, **options: Any) -> Any:
        call = _PoolCall(pool, *arguments, **options)
        if not call.is_for_active_fake:
            # As it came: whatever wraps ``urlopen`` below may tell positions from keywords.
            return send(pool, *arguments, **options)
        request = call.make_request(read_body(call.body))
        while (response := finish(call.attempt(request, call.package.HTTPResponse))) is None:
            call.retries.sleep(call.retried)
        return response

    return urlopen


def _wrap_async_urlopen(send: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @wraps(send)
    async def urlopen(pool: HTTPConnectionPool, *arguments: Any, **options: Any) -> Any:
        call = _PoolCall(pool, *arguments, **options)
        if not call.is_for_active_fake:
            return await send(pool, *arguments, **options)
        body = call.body
        if hasattr(body, "__aiter__"):
            body = [part async for part in body]
        request = call.make_request(read_body(body))
        while (response := await finish_async(call.attempt(request, call.package.AsyncHTTPResponse))) is None:
            await call.retries.async_sleep(call.retried)
        if options.get("preload_content", True):
            await response.read(cache_content=True)
        return response

    return urlopen


class _PoolCall:
    """One call of ``urlopen``, with its parameters by name.

    Args:
        pool: Whose.
        method: HTTP method.
        url: Path and query, or the whole address.
        body: Anything that the library sends.
        headers: By name; None for the pool's own.
        retries: A ``Retry``, or what one is made of.
        redirect: Whether the library follows redirects.
        assert_same_host: Of no meaning here.
        timeout: A ``Timeout``, or what one is made of; left out, the pool's own.
        options: The other parameters, by name.
    """

    def __init__(
        self,
        pool: HTTPConnectionPool,
        method: str,
        url: str,
        body: Any = None,
        headers: Any = None,
        retries: Any = None,
        redirect: bool = True,
        assert_same_host: bool = True,  # noqa: ARG002
        timeout: Any = _OF_THE_POOL,
        *_rest: Any,
        **options: Any,
    ) -> None:
        self.body = body
        self.retries = retries
        self.retried: Any = None
        """The answer that is tried again after; None after an error."""
        self.package = _package_of(type(pool))
        self._pool, self._method, self._url = pool, method, url
        self._headers = headers
        self._redirect = redirect
        self._timeout = pool.timeout if timeout is _OF_THE_POOL else timeout
        self._options = options

    @property
    def is_for_active_fake(self) -> bool:
        """Whether the call is for Webflow, and a fake is there to answer it."""
        return active.is_for_active_fake(self._pool.scheme or "", self._pool.host, self._pool.port, self._url)

    def make_request(self, body: bytes) -> Request:
        """The request value, before the first attempt."""
        retry = self.package.Retry
        if not isinstance(self.retries, retry):
            self.retries = retry.from_int(self.retries, redirect=self._redirect, default=self._pool.retries)
        headers = lower_case_headers((self._pool.headers if self._headers is None else self._headers).items())
        if self._options.get("chunked") and self.body is not None:
            headers.setdefault("transfer-encoding", "chunked")
        origin, timeout = f"https://{self._pool.host}", self._read_timeout()
        return make_request(self._method, origin, self._url, headers, make_stream(body), timeout=timeout)

    def _read_timeout(self) -> float | None:
        kind, timeout = self.package.Timeout, self._timeout
        timeout = timeout.clone() if isinstance(timeout, kind) else kind.from_float(timeout)
        timeout.start_connect()  # or it would not tell what is left of the total
        seconds = timeout.read_timeout
        return seconds if isinstance(seconds, int | float) else None

    def attempt(self, request: Request, response_class: Any) -> Waits[Any]:
        """The library's response, or None where the library would wait and try again.

        Args:
            request: Whose body is read from its beginning.
            response_class: ``HTTPResponse``, or its async twin.
        """
        errors = self.package.exceptions
        request.stream.seek(0)
        self.retried = None
        try:
            response = yield from self._answer(request, response_class)
        except errors.HTTPError as error:
            self._count(error=error, _stacktrace=error.__traceback__)
            return None
        response.retries = self.retries
        if not self.retries.is_retry(self._method, response.status, "Retry-After" in response.headers):
            return response
        try:
            self._count(response=response)
        except errors.MaxRetryError:
            if self.retries.raise_on_status:
                raise
            return response
        self.retried = response
        return None

    def _count(self, **outcome: Any) -> None:
        self.retries = self.retries.increment(self._method, self._url, _pool=self._pool, **outcome)

    def _answer(self, request: Request, response_class: Any) -> Waits[Any]:
        options = {
            # An async response is read by whoever may await it.
            "preload": self._options.get("preload_content", True) and response_class is self.package.HTTPResponse,
            "decode": self._options.get("decode_content", True),
        }
        try:
            answer = yield from active.begin_dispatch(request)
            return make_response(response_class, answer, request.method, **options)
        except NetworkFault as fault:
            if fault.answer is not None:
                return make_response(response_class, fault.answer, request.method, fault.size, **options)
            if fault.kind == "timeout":
                raise self.package.exceptions.ReadTimeoutError(self._pool, self._url, "Read timed out.") from None
            raise self.package.exceptions.ProtocolError(*CONNECTION_RESET) from None


CONNECTION_RESET = ("Connection aborted.", ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"))
"""What a ``ProtocolError`` says of a connection that is reset."""


def make_response(
    response_class: Any,
    answer: Response,
    method: str,
    size: int | None = None,
    *,
    preload: bool = False,
    decode: bool = False,
) -> Any:
    """The answer as the library has it.

    Args:
        response_class: The library's class of responses.
        answer: The answer.
        method: Of the request.
        size: How many bytes of the body arrive before the connection ends; None for all.
        preload: Whether the body is read at once.
        decode: Whether reading undoes a content encoding.

    Raises:
        ProtocolError: ``preload`` of a body that does not arrive as a whole.
    """
    body: io.BytesIO = _Body(answer.body)
    if size is not None:
        body = _TruncatedBody(answer.body, size, _package_of(response_class).exceptions.IncompleteRead)
    return response_class(
        body=body,
        headers=headers_to_send(answer),
        status=answer.status,
        version=11,
        reason=REASONS.get(answer.status, ""),
        preload_content=preload,
        decode_content=decode,
        request_method=method,
    )


class _Body(io.BytesIO):
    """A body that counts as closed once it is read, as one from a socket does: ``stream(None)`` reads until then."""

    def isclosed(self) -> bool:
        """As ``http.client.HTTPResponse`` has it."""
        return self.closed or self.tell() == self.getbuffer().nbytes


class _TruncatedBody(io.BytesIO):
    """A body whose connection ends within it. Reads of a size notice that themselves, by the length in the headers."""

    def __init__(self, body: bytes, size: int, incomplete: Any) -> None:
        super().__init__(body[:size])
        self._missing = len(body) - size
        self._incomplete = incomplete

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if size is None or size < 0:
            raise self._incomplete(len(data), self._missing)
        return data


def _package_of(kind: type) -> Any:
    """The library a class is of, or is made from in a program's own class."""
    packages = (base.__module__.partition(".")[0] for base in kind.__mro__)
    return sys.modules[next(package for package in packages if package in _LIBRARIES)]
