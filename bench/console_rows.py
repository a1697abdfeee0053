"""Row 21: pages of the console on a hundred thousand items, each within what people do not notice."""

from __future__ import annotations

from functools import partial

from fake_webflow.control.access import Access
from fake_webflow.control.console import Console
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.control.interface import ControlInterface
from fake_webflow.control.served import ServedFakes
from fake_webflow.transports.wsgi import create_wsgi_app

from .floors import App, WsgiCall
from .harness import Contender, Goal, Plan, Results, amount, measured
from .profiling import where_time_goes
from .worlds import ITEMS_PATH, POSTS_ID, SIZES, TOKEN, fake_with, item_id, patch_body

_LARGE = SIZES[-1]
_MOST = Goal(200, "ms")


def pages(plan: Plan) -> Results:
    """Row 21."""
    app = _serve(_LARGE)
    WsgiCall(app, "PATCH", ITEMS_PATH, [patch_body(_LARGE // 2, 1)])()
    items = f"/content/{POSTS_ID}"
    asked = {
        "the first page": "/",
        "a request that changed an item": "/requests/1",
        "the sites": "/content",
        "the first items": items,
        "items in the middle": f"{items}?page={_LARGE // 50}",
        "items that have a text": f"{items}?q=nothing-has-this",
        "items that changed since they were published": f"{items}?state=changed",
        "an item": f"{items}/{item_id(_LARGE // 3)}",
        "conditions": "/conditions",
        "rules": "/rules",
    }
    calls = {name: WsgiCall(app, "GET", target) for name, target in asked.items()}
    samples = measured([Contender(name, call) for name, call in calls.items()], plan)
    figures = []
    for name, call in calls.items():
        figure = amount(21, f"console, {name}, {_LARGE:,} items", [each * 1000 for each in samples[name]], "ms", _MOST)
        figures.append(figure.explained(partial(where_time_goes, call)))
    return Results(figures)


def _serve(size: int) -> App:
    fakes, access = HostedFakes(fake_with(size), TOKEN), Access()
    console = Console(fakes, access, version="0")
    served = ServedFakes(fakes, access, control=ControlInterface(fakes, access), console=console)
    app: App = create_wsgi_app(served.answer)
    return app
