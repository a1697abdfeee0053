"""The Flask app: the way in for Flask's test client, and for servers that are told where to find a Flask app.

The answers stand in ``wsgi_app``, where Flask documents that middleware goes, and nothing goes on from there to Flask's
own dispatching. Rules would answer odd methods and paths in Flask's form, not Webflow's, and cost half a millisecond
each to build; and what Flask makes around each request (two contexts, a request and a response of its own) is three
quarters of a GET, for nothing that the router all transports share could use.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import flask

from ..fake import Fake
from .wsgi import Answering, Control, Page, create_wsgi_app


def create_flask_app(
    fake: Fake | Answering, *, pages: Mapping[str, Page] = MappingProxyType({}), control: Control | None = None
) -> flask.Flask:
    """The fake as a Flask app, for any WSGI server and for ``app.test_client()``.

    A failure of the fake's own is answered as Webflow would, or raised if ``app.testing`` is set.

    Args:
        fake: Who answers: one fake, or what finds the fake that a request is for.
        pages: What people are shown, by path without the first slash; Webflow itself has nothing beside ``/v2``.
        control: What answers below ``/_fake``; Webflow itself has nothing there, and without it neither has this app.
    """
    app = flask.Flask("fake_webflow", static_folder=None)
    wsgi_app = create_wsgi_app(fake, pages=pages, control=control, raises=lambda: app.testing)
    app.wsgi_app = wsgi_app  # type: ignore[method-assign, assignment]
    return app
