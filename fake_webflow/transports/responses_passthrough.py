"""Beside ``responses``: the test's own stubs win, and what none of them matches reaches the fake.

``responses`` lets a request through that no stub matches if one of its ``passthru_prefixes`` does. That attribute is
public; while a fake is active every mock has one prefix more, which nobody can pop, reset or forget. Let through, a
request arrives where ``requests`` hands it to urllib3, and there the fake takes it.
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

from ..world.addresses import BUCKET, WEBFLOW_ORIGINS
from .patching import Patch

_ATTRIBUTE = "passthru_prefixes"
_SHARED = "https://s3.amazonaws.com"
_OURS = re.compile(
    "|".join(
        rf"{re.escape(origin)}(:443)?/{BUCKET}([/?]|$)" if origin == _SHARED else rf"{re.escape(origin)}(:443)?([/?]|$)"
        for origin in sorted(WEBFLOW_ORIGINS)
    ),
    re.IGNORECASE,
)


class _Prefixes:
    """The prefixes a mock has of its own, and ours; only its own are ever kept."""

    def __get__(self, mock: Any, owner: type) -> Any:
        return self if mock is None else (*vars(mock).get(_ATTRIBUTE, ()), _OURS)

    def __set__(self, mock: Any, prefixes: tuple[Any, ...]) -> None:
        vars(mock)[_ATTRIBUTE] = tuple(prefix for prefix in prefixes if prefix is not _OURS)


def make_patches(library: ModuleType) -> list[Patch]:
    """What is patched of the library while a fake is active."""
    return [Patch(library.RequestsMock, _ATTRIBUTE, lambda _: _Prefixes())]
