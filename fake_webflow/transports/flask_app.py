"""The Flask app: the way in for Flask's test client, and for servers that are told where to find a Flask app.

The answers stand in ``wsgi_app``, where Flask documents that middleware goes, and nothing goes on from there to Flask's
own dispatching. Rules would answer odd methods and paths in Flask's form, not Webflow's, and cost half a millisecond
each to build; and what Flask makes around each request (two contexts, a request and a response of its own) is three
quarters of a GET, for nothing that the router all transports share could use.
"""

from __future__ import annotations

import flask

from ..fake import Fake
from .wsgi import Answering, create_wsgi_app


def create_flask_app(fake: Fake | Answering) -> flask.Flask:
    """The fake as a Flask app, for any WSGI server and for ``app.test_client()``.

    A failure of the fake's own is answered as Webflow would, or raised if ``app.testing`` is set.

    Args:
        fake: Who answers: one fake, or what finds the fake that a request is for.
    """
    app = flask.Flask("fake_webflow", static_folder=None)
    app.wsgi_app = create_wsgi_app(fake, raises=lambda: app.testing)  # type: ignore[method-assign, assignment]
    return app
