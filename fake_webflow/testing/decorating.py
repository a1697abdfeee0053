"""``@FakeWebflow(...)``: a fresh fake for each call of a function, or for each test of a class."""

from __future__ import annotations

import functools
import inspect
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .handle import FakeWebflow

__tracebackhide__ = True  # an error of a test is shown where the test is, not in here
PARAMETER = "webflow"
_OF_THE_TEST = "_fake_webflow_of_the_test"
_AROUND_TESTS = ("setUp", "tearDown", "asyncSetUp", "asyncTearDown")

_Make = Callable[[], "FakeWebflow"]
_Begin = Callable[[tuple[Any, ...]], "AbstractContextManager[FakeWebflow]"]
"""Gives a call's fake, by the call's arguments, of which the first may be what it is a method of."""


def decorate(target: Any, make: _Make) -> Any:
    """The function with a fresh fake around each call, or the class with one around each of its tests.

    Args:
        target: A function, async or not, also one that yields; or a class of tests, of unittest's or plain.
        make: Gives a fresh fake.

    Raises:
        TypeError: It is neither.
    """
    if isinstance(target, type):
        from unittest import TestCase

        return (_decorate_test_case if issubclass(target, TestCase) else _decorate_plain_class)(target, make)
    if isinstance(target, staticmethod | classmethod):
        return type(target)(decorate(target.__func__, make))
    if not inspect.isroutine(target) and not isinstance(target, functools.partial):
        raise TypeError(
            f"@FakeWebflow(...) decorates functions and classes, not {target!r}; with a pytest fixture @pytest.fixture "
            "comes first, and this below it"
        )
    return _wrap(target, lambda _: make())


def _wrap(function: Any, begin: _Begin) -> Any:
    """A function that calls the other within a fake's block, and hides the parameter that it fills in.

    pytest takes what is left of the signature for fixtures.
    """
    signature = _read_signature(function)
    hidden = [one for name, one in signature.parameters.items() if name != PARAMETER]
    visible = signature.replace(parameters=hidden)

    def complete(
        args: tuple[Any, ...], kwargs: Mapping[str, Any], webflow: FakeWebflow
    ) -> tuple[tuple[Any, ...], Mapping[str, Any]]:
        if PARAMETER not in signature.parameters:
            return args, kwargs
        # What is missing may still come: from mock.patch, say, whose arguments are in the signature as well.
        known = visible.bind_partial(*args, **kwargs).arguments | {PARAMETER: webflow}
        whole = inspect.BoundArguments(signature, OrderedDict(known))
        return whole.args, whole.kwargs

    wrapper = functools.wraps(function)(_make_wrapper(function, begin, complete))
    wrapper.__signature__ = visible  # type: ignore[attr-defined]
    return wrapper


def _make_wrapper(function: Any, begin: _Begin, complete: Callable[..., Any]) -> Callable[..., Any]:
    """What runs the function in its block: of the same kind as it is, for whoever looks."""

    async def run_async_generator(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        with begin(args) as webflow:
            args, kwargs = complete(args, kwargs, webflow)
            async for value in function(*args, **kwargs):
                yield value

    async def run_async(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        with begin(args) as webflow:
            args, kwargs = complete(args, kwargs, webflow)
            return await function(*args, **kwargs)

    def run_generator(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        with begin(args) as webflow:
            args, kwargs = complete(args, kwargs, webflow)
            return (yield from function(*args, **kwargs))

    def run(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        with begin(args) as webflow:
            args, kwargs = complete(args, kwargs, webflow)
            return function(*args, **kwargs)

    if inspect.isasyncgenfunction(function):
        return run_async_generator
    if inspect.iscoroutinefunction(function):
        return run_async
    return run_generator if inspect.isgeneratorfunction(function) else run


def _read_signature(function: Any) -> inspect.Signature:
    """Its signature, also where annotations name what is imported for type checkers alone."""
    if sys.version_info >= (3, 14):
        from annotationlib import Format

        return inspect.signature(function, annotation_format=Format.FORWARDREF)
    return inspect.signature(function)


def _decorate_test_case(test_case: Any, make: _Make) -> Any:
    """Has each test of a unittest class run in a fake, from before ``setUp`` until its clean-ups are done."""
    _decorate_subclasses(test_case, make)
    _pass_handles(test_case, _AROUND_TESTS)
    for name in ("run", "debug"):
        setattr(test_case, name, _run_in_fake(getattr(test_case, name), make))
    return test_case


def _run_in_fake(original: Callable[..., Any], make: _Make) -> Callable[..., Any]:
    @functools.wraps(original)
    def run(test: Any, *args: Any, **kwargs: Any) -> Any:
        if hasattr(test, _OF_THE_TEST):
            return original(test, *args, **kwargs)  # a class below it is decorated as well, and that is the nearer one
        webflow = _begin(test, make)
        test.addCleanup(webflow.close, _ended(test))  # the last of all: what it complains of is that test's error
        try:
            return original(test, *args, **kwargs)
        finally:
            _end(test)  # a test that is skipped does no clean-up

    return run


def _decorate_plain_class(plain: Any, make: _Make) -> Any:
    """Has each test of a pytest class run in a fake, from before ``setup_method`` until after ``teardown_method``."""
    _decorate_subclasses(plain, make)
    _pass_handles(plain)
    set_up, tear_down = (getattr(plain, name, None) for name in ("setup_method", "teardown_method"))

    def setup_method(self: Any, method: Any) -> None:
        if not hasattr(self, _OF_THE_TEST):
            _begin(self, make)
        try:
            _call_around(set_up, self, method)
        except BaseException:
            _end(self)
            raise

    def teardown_method(self: Any, method: Any) -> None:
        try:
            _call_around(tear_down, self, method)
        finally:
            _end(self)

    plain.setup_method, plain.teardown_method = setup_method, teardown_method
    return plain


def _call_around(function: Any, test: Any, method: Any) -> None:
    """Calls what pytest would call before or after a test, with the test's method if it takes that."""
    if function is None:
        return
    names = list(inspect.signature(function).parameters)[1:]
    given = {PARAMETER: getattr(test, _OF_THE_TEST, None)} if PARAMETER in names else {}
    function(test, *([method] if set(names) - {PARAMETER} else []), **given)


def _decorate_subclasses(tests: Any, make: _Make) -> None:
    """Has classes below it decorated as they are made, so that a ``setup_method`` of theirs leaves no test without."""
    own = tests.__dict__.get("__init_subclass__")

    def decorate_subclass(cls: Any, /, **kwargs: Any) -> None:
        if own is not None:
            own.__func__(cls, **kwargs)
        else:
            super(tests, cls).__init_subclass__(**kwargs)
        decorate(cls, make)

    tests.__init_subclass__ = classmethod(decorate_subclass)


def _pass_handles(tests: Any, others: tuple[str, ...] = ()) -> None:
    """Has the methods of a class that name the parameter get the fake of the test that runs."""
    for name in dir(tests):
        method = inspect.getattr_static(tests, name) if name.startswith("test") or name in others else None
        if inspect.isfunction(method) and PARAMETER in _read_signature(method).parameters:
            setattr(tests, name, _wrap(method, lambda args: nullcontext(_find(args[0]))))


def _find(test: Any) -> FakeWebflow:
    webflow: FakeWebflow | None = getattr(test, _OF_THE_TEST, None)
    if webflow is None:
        raise RuntimeError(
            f"no test of {type(test).__name__} is running: its fake begins with a run of unittest or pytest"
        )
    return webflow


def _begin(test: Any, make: _Make) -> FakeWebflow:
    webflow = make()
    webflow.activate()
    setattr(test, _OF_THE_TEST, webflow)
    return webflow


def _end(test: Any) -> None:
    webflow = test.__dict__.pop(_OF_THE_TEST, None)
    if webflow is not None:
        webflow.close(_ended(test))


def _ended(test: Any) -> str:
    return f"a test of {type(test).__name__} has ended, and its fake Webflow with it"
