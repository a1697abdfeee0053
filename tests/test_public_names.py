"""The public names of the package: these and no others, and every type that their signatures name is one of them."""

from __future__ import annotations

import inspect
import tomllib
import typing
from pathlib import Path
from types import ModuleType

import flask
import pytest

import fake_webflow
import fake_webflow.client
from fake_webflow import FakeWebflow

CLASSES = [one for one in (getattr(fake_webflow, name) for name in fake_webflow.__all__) if inspect.isclass(one)]
HANDLE_AND_PARTS = [
    *(fake_webflow.AssertableJournal, fake_webflow.FakeClock, fake_webflow.FakeFaults, fake_webflow.FakeWebflow),
    *(
        fake_webflow.FakeSite,
        fake_webflow.FakeStub,
        fake_webflow.FakeWebhooks,
        fake_webflow.ItemViews,
        fake_webflow.NewFault,
        fake_webflow.ServedFake,
    ),
]
MADE_BY_USERS = [fake_webflow.FakeAdapter, fake_webflow.FakeTransport, fake_webflow.FakeWebflow]


def test_the_public_names() -> None:
    assert fake_webflow.__all__ == [
        *("ArrangingError", "AssertableJournal", "Attempt", "Collection", "Delivery", "Exchange"),
        *(
            "FakeAdapter",
            "FakeClock",
            "FakeEnded",
            "FakeFaults",
            "FakeSite",
            "FakeStub",
            "FakeTransport",
            "FakeWebflow",
            "FakeWebflowError",
        ),
        *("FakeWebhooks", "Fault", "Field", "HostBlocked", "IdleFault", "ItemViews", "Locale", "NewFault"),
        *("NotIntercepted", "Profile", "ScenarioError", "ServedFake", "Site", "State"),
        *("__version__", "create_app", "verify_signature"),
    ]
    assert dir(fake_webflow) == sorted(fake_webflow.__all__)


def test_each_is_there() -> None:
    for name in fake_webflow.__all__:
        assert getattr(fake_webflow, name) is not None


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'FakeWebflw'"):
        _ = fake_webflow.FakeWebflw


def test_the_handle_has_no_other_members() -> None:
    assert {name for name in dir(FakeWebflow) if not name.startswith("_")} == {
        *(
            "activate",
            "add_asset",
            "add_collection",
            "add_item",
            "add_items",
            "add_site",
            "app",
            "at",
            "base_url",
            "client",
        ),
        *("clock", "close", "collections", "faults", "items", "journal", "limit_scopes", "rate_limit", "scenario"),
        *("site", "snapshot", "state", "stub", "webhooks"),
    }
    assert {name for name in dir(fake_webflow.FakeFaults) if not name.startswith("_")} == {"on", "stop"}


def signatures() -> list[object]:
    """What users call, and properties they read: of the handle and its parts, and how the other classes are made."""
    members = [inspect.getattr_static(one, name) for one in HANDLE_AND_PARTS for name in dir(one)]
    read = [getattr(member, "fget", member) for member in members if isinstance(member, property)]
    ours = [one for one in members if inspect.isfunction(one) and "fake_webflow" in one.__module__]
    called = [one for one in ours if not one.__name__.startswith("_") or one.__name__ in ("__iter__", "__getitem__")]
    made = [one.__init__ for one in MADE_BY_USERS if inspect.isfunction(vars(one).get("__init__"))]
    return [fake_webflow.create_app, fake_webflow.verify_signature, *read, *called, *made]


def named_types(hint: object) -> set[type]:
    if inspect.isclass(hint) and not typing.get_args(hint):
        return {hint}
    return {found for part in typing.get_args(hint) for found in named_types(part)}


def known_to_users() -> dict[str, object]:
    modules: list[ModuleType] = [fake_webflow, fake_webflow.client]
    return {name: getattr(module, name) for module in modules for name in module.__all__} | {"flask": flask}


@pytest.mark.parametrize("function", signatures(), ids=lambda function: function.__qualname__)
def test_every_type_that_a_public_signature_names_is_public(function: object) -> None:
    public = known_to_users()
    hints = typing.get_type_hints(function, localns=public).values()
    ours = {one for hint in hints for one in named_types(hint) if one.__module__.startswith("fake_webflow")}
    # A protocol says what an argument can do; nobody has to name it.
    assert {one for one in ours if one not in public.values() and not getattr(one, "_is_protocol", False)} == set()


def test_a_failed_assertion_prints_no_more_than_a_line_of_each() -> None:
    with FakeWebflow() as webflow:
        webflow.client.webhooks.create(webflow.site.id, trigger_type="site_publish", url="https://example.com/hook")
        webflow.client.sites.publish(webflow.site.id, publish_to_webflow_subdomain=True)
        posts = webflow.collections["posts"]
        fault = webflow.faults.on().delay(1)
        shown = [
            *(webflow, webflow.clock, webflow.journal, webflow.journal[-1], webflow.faults, *webflow.faults, fault),
            *(webflow.site, webflow.site.primary, posts, posts.fields[0], webflow.items(posts), webflow.state),
            *(webflow.webhooks, webflow.webhooks.deliveries[0]),
        ]
        for one in shown:
            assert len(repr(one)) < 300, repr(one)
        assert "posts" in repr(posts)
        assert webflow.site.display_name in repr(webflow.site)
        assert "POST /v2/sites/" in repr(webflow.journal[-1])


def test_the_version_is_the_distribution_s() -> None:
    project = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text(encoding="utf-8"))
    assert fake_webflow.__version__ == project["project"]["version"]
