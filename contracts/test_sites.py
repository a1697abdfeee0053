"""Sites."""

from __future__ import annotations

import re

from .kit.clauses import Choices, ClauseDiffers, clause, needs
from .kit.expect import expect_json, expect_keys, expect_refusal
from .kit.in_process import InProcessTarget
from .kit.sandbox import ABSENT_ID, Sandbox
from .kit.targets import ADVANCE_TIME, MORE_SITES, OTHER_TOKENS

KEYS = [
    "id",
    "workspaceId",
    "displayName",
    "shortName",
    "previewUrl",
    "timeZone",
    "createdOn",
    "lastUpdated",
    "lastPublished",
    "parentFolderId",
    "customDomains",
    "locales",
]
DATA_COLLECTION = ["dataCollectionEnabled", "dataCollectionType"]


@clause("sites.not-found")
def test_a_site_that_is_not_there(sandbox: Sandbox) -> None:
    expect_refusal(sandbox.call("GET", f"/sites/{ABSENT_ID}"), "sites.not-found")
    expect_refusal(sandbox.call("GET", f"/sites/{ABSENT_ID}/collections"), "sites.not-found")
    expect_refusal(sandbox.call("GET", f"/sites/{ABSENT_ID}/assets"), "sites.not-found")


@clause("sites.list.no-pages")
def test_all_sites_come_at_once(sandbox: Sandbox) -> None:
    plain = expect_json(sandbox.call("GET", "/sites"))
    paged = expect_json(sandbox.call("GET", "/sites", query={"limit": "0", "offset": "1"}))
    expect_keys(plain, ["sites"], "sites.list.no-pages")
    assert paged == plain


@clause("sites.list.granted")
def test_every_listed_site_can_be_read(sandbox: Sandbox) -> None:
    for site in sandbox.client.sites.list()["sites"]:
        assert sandbox.client.sites.get(site["id"])["id"] == site["id"]


@clause("sites.list.granted")
@needs(OTHER_TOKENS, MORE_SITES)
def test_no_other_sites_are_listed(target: InProcessTarget) -> None:
    with target.preserve_state():
        mine, _other = target.new_site(), target.new_site()
        listed = target.client_with_token(site_ids=[mine]).sites.list()["sites"]
    assert [site["id"] for site in listed] == [mine]


@clause("sites.object.keys")
def test_the_keys_of_a_site(sandbox: Sandbox) -> None:
    listed = next(site for site in sandbox.client.sites.list()["sites"] if site["id"] == sandbox.site_id)
    for site in (listed, sandbox.client.sites.get(sandbox.site_id)):
        kept = {key: value for key, value in site.items() if key not in DATA_COLLECTION}
        expect_keys(kept, KEYS, "sites.object.keys")
        if site["locales"] is not None and list(site["locales"]) != ["primary", "secondary"]:
            raise ClauseDiffers("sites.object.keys", "locales of primary and secondary, or null", str(site["locales"]))


@clause("sites.preview-url")
def test_a_published_site_has_a_picture(sandbox: Sandbox) -> None:
    site = sandbox.client.sites.get(sandbox.site_id)
    assert site["lastPublished"] is not None, "the sandbox was published"
    if not re.fullmatch(r"https?://\S+", site["previewUrl"] or ""):
        raise ClauseDiffers("sites.preview-url", "an address", str(site["previewUrl"]))


@clause("sites.preview-url")
@needs(ADVANCE_TIME)
def test_a_site_publish_makes_a_new_picture(sandbox: Sandbox, target: InProcessTarget) -> None:
    with target.preserve_state():
        before = sandbox.client.sites.get(sandbox.site_id)["previewUrl"]
        target.advance(61)
        sandbox.client.sites.publish(sandbox.site_id, publish_to_webflow_subdomain=True)
        after = sandbox.client.sites.get(sandbox.site_id)
    assert after["previewUrl"] != before
    second = re.sub(r"\D", "", after["lastPublished"])[:14]
    if second not in after["previewUrl"]:
        raise ClauseDiffers("sites.preview-url", f"{second} in the file's name", after["previewUrl"])


@clause("sites.data-collection")
def test_what_a_site_says_of_data_collection(sandbox: Sandbox, choice: Choices) -> None:
    site = sandbox.client.sites.get(sandbox.site_id)
    there = [key for key in DATA_COLLECTION if key in site]
    option = {0: "absent", 2: "present"}.get(len(there))
    if there and not (isinstance(site[there[0]], bool) and site[there[-1]] in ("always", "optOut", "disabled")):
        option = None
    choice("sites.data-collection").record(option, {key: site[key] for key in there})


@clause("sites.custom-domains")
def test_the_custom_domains_are_those_of_the_site(sandbox: Sandbox) -> None:
    answer = sandbox.client.sites.custom_domains(sandbox.site_id)
    expect_keys(answer, ["customDomains"], "sites.custom-domains")
    assert answer["customDomains"] == sandbox.client.sites.get(sandbox.site_id)["customDomains"]
    for domain in answer["customDomains"]:
        expect_keys(domain, ["id", "url", "lastPublished"], "sites.custom-domains")
