"""The exceptions of this package, in one tree.

::

    FakeWebflowError
    ├── ArrangingError (ValueError)   a test arranges what a rule of the world forbids
    ├── ScenarioError (ValueError)    a scenario cannot be used
    ├── FakeEnded (RuntimeError)      a fake is used after its end
    ├── HostBlocked (RuntimeError)    a request goes to a host that is blocked
    ├── NotIntercepted (RuntimeError) a library that is not caught looks up one of Webflow's hosts
    ├── StateFileError (RuntimeError) a file that is to keep a state cannot be used
    ├── BodyNotKept (LookupError)     the journal no longer has a body that somebody asks for
    └── IdleFault (RuntimeError)      a fault was begun and never told what happens

The builtin in brackets is a second base, so that ``except ValueError`` goes on to work. Errors of the thin client
have a tree of their own, in ``fake_webflow.client``.
"""

from __future__ import annotations


class FakeWebflowError(Exception):
    """The root of all exceptions that this package raises for a mistake in its use."""


class ArrangingError(FakeWebflowError, ValueError):
    """A test arranges what a rule of the world forbids, or names what does not exist."""


class ScenarioError(FakeWebflowError, ValueError):
    """A scenario cannot be used; the message is one line, as ``demo.yaml: sites[0].id: must be a string``."""


class FakeEnded(FakeWebflowError, RuntimeError):
    """A fake is used after its end."""


class HostBlocked(FakeWebflowError, RuntimeError):
    """A request goes to a host that is neither Webflow's nor this machine while such hosts are blocked."""


class NotIntercepted(FakeWebflowError, RuntimeError):
    """A library whose calls no fake takes looks up one of Webflow's hosts, or asks a proxy for one.

    It is no ``OSError``, since libraries try again after these.
    """


class StateFileError(FakeWebflowError, RuntimeError):
    """A file that is to keep a state cannot be used, or not be written; the message names it and says why."""


class BodyNotKept(FakeWebflowError, LookupError):
    """The journal no longer has a body that somebody asks for, or not the whole of it; the message names the bounds."""


class IdleFault(FakeWebflowError, RuntimeError):
    """A fault was begun, as by ``faults.on("items.create")``, and never told what happens."""
