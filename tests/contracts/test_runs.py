"""Whole runs of the suite: against fakes that choose otherwise, that can do less, and that are wrong."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from contracts.drift.suite_runs import BROAD_FILES
from contracts.kit import targets
from contracts.kit.clauses import Verdicts
from contracts.kit.in_process import InProcessTarget
from contracts.kit.sandbox import NAME_PREFIX, Sandbox
from contracts.kit.sites import SandboxRefused
from contracts.kit.targets import CAPABILITY_TEXTS, Target, UrlTarget
from contracts.ledger_check import find_clause_tests
from contracts.run.plugin import run_suite
from fake_webflow.client import WebflowClient
from fake_webflow.rules import Profile, choice_options

# What is posted to receivers is seen by tests of the fake itself.
UNSEEN = {"http.regions", "webhooks.payload.locale-keys", "webhooks.publish.changed"}


def otherwise(place: int) -> dict[str, str]:
    """Each choice made by its second (1) or third (2) option; those that have none are left out."""
    return {
        name: options[place]
        for name, options in choice_options().items()
        if len(options) > place and name not in UNSEEN | {"plan.limits"}
    }


def quietly(*arguments: str, **options: Any) -> tuple[int, Verdicts]:
    """A run whose order no plugin shuffles, so that a failure can be repeated."""
    return run_suite(*arguments, "-p", "no:randomly", "--tb=no", **options)


@pytest.mark.parametrize("place", [1, 2])
def test_every_choice_made_otherwise_is_seen_as_that(place: int):
    made = otherwise(place)
    # In the order of the suite: a test may ask which option another saw.
    tests = [test.name for test in find_clause_tests() if test.clauses & made.keys()]
    code, verdicts = quietly(lambda: InProcessTarget(Profile().with_choices(made), expected=Profile()), files=tests)
    assert code == 1
    assert {name: verdicts.of(name).kind for name in made} == dict.fromkeys(made, "other-option")
    assert {name: verdicts.options[name] for name in made} == made


@pytest.mark.parametrize(
    ("place", "arguments"),
    [
        pytest.param(
            1, ["--only=items.update*", *(f"--ignore-glob=*/{file}" for file in BROAD_FILES)], id="second-option"
        ),
        pytest.param(1, [], id="second-option-whole-suite", marks=pytest.mark.acceptance),
        pytest.param(2, [], id="third-option-whole-suite", marks=pytest.mark.acceptance),
    ],
)
def test_a_fake_that_chooses_otherwise_keeps_every_other_rule(place: int, arguments: list[str]):
    profile = Profile().with_choices(otherwise(place))
    code, verdicts = quietly(lambda: InProcessTarget(profile), *arguments)
    assert [verdict.clause for verdict in verdicts.all() if verdict.differs] == []
    assert code == 0


def test_known_options_can_be_accepted_and_are_told():
    made = {"items.update.null": "ignored"}
    code, verdicts = quietly(
        lambda: InProcessTarget(Profile().with_choices(made), expected=Profile()),
        "--only=items.update.null",
        accept_choices=True,
    )
    assert code == 0
    assert verdicts.options["items.update.null"] == "ignored"
    assert verdicts.of("items.update.null").kind == "other-option"


class Limited(InProcessTarget):
    """A fake that can do nothing but answer."""

    capabilities = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.checks_everything = False


def test_what_a_target_cannot_show_is_not_checkable_and_no_failure():
    code, verdicts = quietly(Limited, files=["test_rate_limits.py"])
    assert code == 0
    verdict = verdicts.of("rate.too-many-requests")
    assert verdict.kind == "not-checkable"
    assert {seen.observed for seen in verdict.observations} == {
        "the suite cannot move its clock or set its rate limit here",
        "the suite cannot set its rate limit here",
    }
    assert verdicts.of("rate.headers").kind == "holds"


class Able(InProcessTarget):
    """A fake that ought to show everything and cannot."""

    capabilities = frozenset()


def test_on_the_fake_nothing_goes_unchecked():
    code, verdicts = quietly(Able, files=["test_rate_limits.py"])
    assert code == 1
    assert verdicts.of("rate.too-many-requests").kind == "not-checkable"


class Broken(InProcessTarget):
    """A fake whose answers are changed on their way."""

    def __init__(self) -> None:
        super().__init__()
        self.http.hooks["response"].append(self.spoil)

    def spoil(self, response: requests.Response, *_: Any, **__: Any) -> None:
        response._content = response.content.replace(b"Requested resource not found: The site", b"No site: it")


def test_a_rule_that_is_broken_is_told_with_what_was_seen():
    code, verdicts = quietly(Broken, files=["test_sites.py"])
    assert code == 1
    verdict = verdicts.of("sites.not-found")
    assert verdict.kind == "rule-broken"
    [seen] = verdict.observations
    assert "Requested resource not found: The site cannot be found" in seen.expected
    assert "No site: it cannot be found" in seen.observed
    assert seen.requests[-1].startswith("curl -i -X GET https://api.webflow.com/v2/sites/000000000000000000000000")
    assert not any("contract-suite" in line for line in seen.requests)
    assert verdicts.of("sites.object.keys").kind == "holds"


class Failing(InProcessTarget):
    """A fake that answers 500 to all, once the sandbox is made."""

    def __init__(self) -> None:
        super().__init__()
        self.http.hooks["response"].append(self.fail)

    def fail(self, response: requests.Response, *_: Any, **__: Any) -> None:
        if response.request.method == "GET" and response.request.path_url.endswith("/sites?limit=0&offset=1"):
            response.status_code = 500


def test_an_error_is_never_taken_for_a_clause_that_holds():
    code, verdicts = quietly(Failing, "--only=sites.list.no-pages", files=["test_sites.py"])
    assert code == 1
    assert verdicts.of("sites.list.no-pages").kind == "rule-broken"


class WithoutRateHeaders(InProcessTarget):
    checks_everything = False

    def __init__(self) -> None:
        super().__init__()
        self.checks_everything = False
        self.http.hooks["response"].insert(0, self.strip)

    def strip(self, response: requests.Response, *_: Any, **__: Any) -> None:
        for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "Retry-After"):
            response.headers.pop(name, None)


def test_an_api_without_rate_headers_is_not_said_to_keep_the_rule_of_the_rate_headers():
    arguments = ("--only=rate.headers", "-k", "without_a_known_token")
    _, verdicts = quietly(WithoutRateHeaders, *arguments, files=["test_rate_limits.py"])
    assert verdicts.of("rate.headers").kind != "holds"


def test_the_same_tests_pass_in_any_order_and_leave_the_site_as_it_was():
    target = InProcessTarget(seed=7)
    before = site_of(target)
    code, _ = run_suite(lambda: target, "--tb=short", files=["test_items_creation.py", "test_assets.py"])
    assert code == 0
    assert site_of(target) == before


def site_of(target: InProcessTarget) -> dict[str, Any]:
    """What the site holds, but for folders, which cannot be deleted, and dates, which a site publish moves."""
    world = target.fake.state.world
    return {
        "collections": sorted(world.collections),
        "items": [
            (item.key, item.is_draft, item.is_archived, item.field_data)
            for found in world.collections.values()
            for item in found.staged
        ],
        "assets": list(world.assets),
    }


def test_leftovers_of_a_run_that_was_killed_are_swept_by_the_next():
    target = InProcessTarget()
    before = site_of(target)
    killed = Sandbox(target, "deadbeef")
    killed.prepare()
    killed.new_item()
    killed.assets.upload()
    assert len(site_of(target)["collections"]) == len(before["collections"]) + 5
    target.advance(61)
    following = Sandbox(target, "cafecafe")
    following.prepare()
    names = [found.display_name for found in target.fake.state.world.collections.values()]
    assert not any("deadbeef" in name for name in names)
    assert sum(name.startswith(NAME_PREFIX) for name in names) == 5
    following.remove()
    assert site_of(target) == before


def test_every_capability_has_its_words():
    constants = {value for name, value in vars(targets).items() if name.isupper() and isinstance(value, str)}
    assert constants == CAPABILITY_TEXTS.keys()


class Keeping(InProcessTarget):
    """An API that says it deleted things and keeps them."""

    def __init__(self, kept: str) -> None:
        super().__init__()
        inner = self.http.get_adapter("https://")
        send = inner.send

        def keeping(request: requests.PreparedRequest, *rest: Any, **options: Any) -> requests.Response:
            before = self.fake.state
            answer = send(request, *rest, **options)
            if request.method == "DELETE" and f"/{kept}/" in (request.url or ""):
                self.fake.restore(before)
            return answer

        inner.send = keeping  # type: ignore[method-assign]


@pytest.mark.parametrize("kept", ["collections", "assets"])
def test_what_is_there_after_its_deletion_is_told(kept: str):
    sandbox = Sandbox(Keeping(kept), "0" * 8)
    sandbox.new_collection("kept")
    sandbox.assets.register()
    with pytest.raises(SandboxRefused, match=f"{kept} that were deleted are still there"):
        sandbox.remove()


def test_a_site_that_is_no_sandbox_is_refused():
    target = InProcessTarget()
    plain = Target("an API", target.client, target.http, site_id=target.new_site())
    rename(target, "Our shop")
    with pytest.raises(SandboxRefused, match="Our shop is not declared a sandbox"):
        Sandbox(plain, "cafecafe")


def test_without_a_name_the_only_site_or_the_one_named_sandbox_is_taken():
    target = InProcessTarget()
    unnamed = Target("an API", target.client, target.http)
    assert Sandbox(unnamed, "cafecafe").site["displayName"] == "Contract sandbox"
    target.new_site()
    with pytest.raises(SandboxRefused, match=r"which site to work in\? The token sees: Contract sandbox"):
        Sandbox(unnamed, "cafecafe")


class Lacking(InProcessTarget):
    """A fake whose token may not write to the CMS."""

    def __init__(self) -> None:
        super().__init__()
        self.client = self.client_with_token(scopes=["sites:read", "sites:write", "cms:read", "assets:read"])


def test_a_token_that_lacks_a_scope_ends_the_run_and_leaves_nothing_behind(capsys):
    target = Lacking()
    before = site_of(target)
    code, verdicts = quietly(lambda: target, files=["test_sites.py"])
    assert code == 2
    assert verdicts.all() == []
    assert "cannot prepare the sandbox: " in capsys.readouterr().out
    assert site_of(target) == before


def test_a_site_that_was_published_just_now_is_waited_for():
    target = InProcessTarget()
    target.limit_rate(600)
    first = Sandbox(target, "deadbeef")
    first.prepare()
    second = Sandbox(target, "cafecafe")
    second.prepare()
    assert second.site_published.status_code == 202


def test_a_wrong_token_is_one_line():
    target = InProcessTarget()
    wrong = Target("an API", WebflowClient("wrong", session=target.http, retries=0), target.http, is_sandbox=True)
    with pytest.raises(SandboxRefused, match=r"cannot list the sites of an API: .* 401 not_authorized") as caught:
        Sandbox(wrong, "cafecafe")
    assert "\n" not in str(caught.value)


def rename(target: InProcessTarget, name: str) -> None:
    from dataclasses import replace

    world = target.fake.state.world
    for site in world.sites.values():
        world = world.with_site(replace(site, display_name=name))
    target.fake.change(lambda state: state._replace(world=world))


def test_a_target_by_url_is_a_sandbox_where_it_is_this_machine():
    from contracts.kit.targets import Address

    for url, is_sandbox in (
        ("http://127.0.0.1:8787/v2", True),
        ("http://localhost/v2", True),
        ("http://[::1]:8787/v2", True),
        ("https://api.webflow.com/v2", False),
        ("http://127.example.com/v2", False),  # a name that only begins like an address
    ):
        target = UrlTarget(Address(url, "secret-token"))
        assert (target.is_sandbox, target.is_rationed) == (is_sandbox, not is_sandbox)
        target.close()
    assert "secret-token" not in repr(Address("http://localhost", "secret-token"))
