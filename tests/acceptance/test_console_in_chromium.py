"""The console in a real browser: stories by mouse and by keyboard alone, what machines can check of access, sizes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, NamedTuple

import pytest
import requests
from browser import PATIENCE, read_console, set_screen, wait_for_script
from npm import install_from_npm
from processes import COMMAND, ready
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from served import serving

pytestmark = pytest.mark.acceptance

CONTROL = "control-canary-4711"
SCREENS = [(width, dark) for width in (1280, 360) for dark in (False, True)]
by_mouse_or_keyboard = pytest.mark.parametrize("hands", ["mouse", "keyboard"])


class Scene(NamedTuple):
    """A served fake, the browser that looks into it, and how its buttons are pressed."""

    browser: Chrome
    said: dict[str, Any]

    @property
    def origin(self) -> str:
        return str(self.said["start_page"]).removesuffix("/")

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Calls the API as a program does."""
        sent = {"Authorization": f"Bearer {self.said['token']}", **headers}
        return requests.request(method, self.said["base_url"] + path, json=body, headers=sent, timeout=10)

    def items_path(self, slug: str = "authors") -> str:
        return f"/collections/{self.said['collection_ids'][slug]}/items"

    def open(self, path: str) -> None:
        self.browser.get(self.origin + path)

    def text(self) -> str:
        return self.browser.find_element(By.TAG_NAME, "main").text

    def wait_for(self, text: str) -> None:
        ignored = [StaleElementReferenceException]  # the page is loaded anew meanwhile
        waiting = WebDriverWait(self.browser, PATIENCE, ignored_exceptions=ignored)
        waiting.until(lambda _: text in self.text(), f"{text!r} is not shown")

    def find(self, hands: str, name: str, within: str = "body") -> WebElement:
        """The link, button or field of that name; by keyboard, the focus is brought to it with the tabulator alone."""
        script = """
            const [name, within] = arguments;
            const label = (one) => one.getAttribute("aria-label") || [...(one.labels || [])].map((each) =>
                [...each.childNodes].filter((part) => part.nodeType === 3).map((part) => part.data).join("")).join("")
                || one.textContent;
            return [...document.querySelector(within).querySelectorAll("a, button, input, select, textarea, summary")]
                .find((one) => label(one).trim().replace(/\\s+/g, " ").startsWith(name) && one.getClientRects().length);
        """
        found = WebDriverWait(self.browser, PATIENCE).until(
            lambda browser: browser.execute_script(script, name, within), f"nothing is called {name!r}"
        )
        if hands == "keyboard":
            for _ in range(200):
                try:
                    if self.browser.switch_to.active_element == found:
                        return found
                    ActionChains(self.browser).send_keys(Keys.TAB).perform()
                except StaleElementReferenceException:  # the page was loaded anew meanwhile
                    return self.find(hands, name, within)
            raise AssertionError(f"the tabulator does not lead to {name!r}")
        return found

    def press(self, hands: str, name: str, within: str = "body") -> None:
        found = self.find(hands, name, within)
        if hands == "mouse":
            found.click()
        else:
            ActionChains(self.browser).send_keys(Keys.SPACE if found.tag_name == "summary" else Keys.ENTER).perform()

    def fill(self, hands: str, name: str, text: str, within: str = "body") -> None:
        found = self.find(hands, name, within)
        if hands == "mouse":
            found.clear()
            found.send_keys(text)
        else:
            chain = ActionChains(self.browser).key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL)
            chain.send_keys(text).perform()


@pytest.fixture
def scene(browser: Chrome, request: pytest.FixtureRequest) -> Iterator[Scene]:
    command = [*COMMAND, "serve", "--port", "0", "--json", *getattr(request, "param", ())]
    with Popen(command, stdout=PIPE, text=True) as process:
        yield Scene(browser, ready(process))
        browser.get("about:blank")
        process.terminate()
    assert read_console(browser) == []


@by_mouse_or_keyboard
def test_a_failing_request_is_understood(scene: Scene, hands: str) -> None:
    scene.open("/")
    wait_for_script(scene.browser, "document.getElementById('live').ariaPressed === 'true'")
    refused = scene.call("POST", scene.items_path("posts"), {"fieldData": {"name": "x", "slug": "no slug"}})
    assert refused.status_code == 400
    scene.wait_for("items.create")  # without a reload
    scene.press(hands, "Failed")
    scene.wait_for("400")
    scene.press(hands, "POST /v2/collections", "#requests")
    scene.wait_for("Why it was refused")
    clause = refused.headers["X-Fake-Webflow-Clause"].partition(",")[0]
    shown = scene.text()
    assert refused.json()["message"] in shown
    assert "What would have been accepted" in shown
    assert '-H "Authorization: Bearer $WEBFLOW_TOKEN"' in shown
    assert scene.said["token"] not in shown
    scene.press(hands, clause, "main")
    scene.wait_for("Evidence")


@by_mouse_or_keyboard
def test_an_item_is_followed_from_staged_to_live(scene: Scene, hands: str) -> None:
    item = scene.call("POST", scene.items_path(), {"fieldData": {"name": "Ada"}}).json()["id"]
    scene.open("/")
    scene.press(hands, "Content", "header")
    scene.press(hands, "Authors", "main")
    scene.fill(hands, "Search", "ada", "main")
    scene.press(hands, "Show", "main")
    scene.wait_for("draft")
    scene.press(hands, "Ada", "table.items")
    scene.wait_for("It is staged, and not live.")
    assert scene.call("POST", f"{scene.items_path()}/publish", {"itemIds": [item]}).status_code == 202
    scene.browser.refresh()
    scene.wait_for("Staged and live are the same.")
    scene.call("PATCH", f"{scene.items_path()}/{item}", {"fieldData": {"name": "Ada Byron"}})
    scene.browser.refresh()
    scene.wait_for("differ between staged and live")
    scene.press(hands, "Requests", "header")
    scene.press(hands, "PATCH", "#requests")
    scene.wait_for("What it changed")
    changed = scene.browser.find_element(By.CSS_SELECTOR, ".change table").text
    assert "Ada" in changed
    assert "Ada Byron" in changed


@by_mouse_or_keyboard
def test_a_webhook_is_sent_again(scene: Scene, hands: str) -> None:
    told: list[bytes] = []
    heard = threading.Event()

    def receive(environ: dict[str, Any], start: Any) -> list[bytes]:
        told.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        heard.set()
        start("200 OK", [])
        return [b""]

    with serving(receive) as receiver:
        hook = {"triggerType": "collection_item_created", "url": f"{receiver}/in"}
        assert scene.call("POST", f"/sites/{scene.said['site_id']}/webhooks", hook).status_code == 201
        scene.call("POST", scene.items_path(), {"fieldData": {"name": "Ada"}})
        assert heard.wait(PATIENCE)
        heard.clear()
        scene.open("/webhooks")
        scene.press(hands, "delivered", "main")
        scene.press(hands, "Send again delivery 0")
        assert heard.wait(PATIENCE)
        scene.wait_for(f"curl -X POST {scene.origin}/_fake/deliveries/0/resend")
    assert told[0] == told[1]


@pytest.mark.parametrize("scene", [["--rate-limit", "2"]], indirect=True, ids=["two a minute"])
@by_mouse_or_keyboard
def test_the_clock_is_moved_until_a_429_passes(scene: Scene, hands: str) -> None:
    assert [scene.call("GET", "/sites").status_code for _ in range(3)] == [200, 200, 429]
    scene.open("/conditions")
    scene.press(hands, "Advance")
    scene.wait_for("clock/advance")
    assert '{"seconds":60}' in scene.text()
    assert scene.call("GET", "/sites").status_code == 200
    scene.press(hands, "Freeze")
    scene.wait_for("frozen")
    scene.fill(hands, "Requests a minute", "off", "main")
    scene.press(hands, "Set", "section[aria-labelledby=rate]")
    scene.wait_for("rate-limit")
    assert [scene.call("GET", "/sites").status_code for _ in range(5)] == [200] * 5


@pytest.mark.parametrize("scene", [[], ["--control-token", CONTROL]], indirect=True, ids=["open", "with a token"])
@by_mouse_or_keyboard
def test_a_fork_is_made_and_dropped(scene: Scene, hands: str) -> None:
    scene.open("/conditions")
    if scene.browser.find_elements(By.NAME, "token"):
        scene.browser.find_element(By.NAME, "token").send_keys(CONTROL, Keys.ENTER)
        scene.wait_for("Connect")
        scene.open("/conditions")
    scene.fill(hands, "Name", "checkout", "section[aria-labelledby=forks]")
    scene.press(hands, "Make fork")
    scene.wait_for("/_fake/forks/checkout")
    requests.get(f"{scene.origin}/~checkout/v2/sites", timeout=10)  # 401: it names no token
    scene.browser.refresh()
    scene.press(hands, "1 failed requests of fork checkout")
    scene.wait_for("errors.not-authorized")
    assert scene.browser.current_url == f"{scene.origin}/~checkout/?show=failed"
    scene.press(hands, "World: checkout", "header")
    scene.press(hands, "All 1 fork", "header")
    scene.press(hands, "Drop fork checkout")
    scene.wait_for("None. A fork is a world of its own")
    assert scene.browser.current_url.startswith(f"{scene.origin}/conditions")


def test_bad_input_is_told_where_it_was_given(scene: Scene) -> None:
    scene.open("/conditions")
    for field, given, button, told in [
        ("Time", "1999-01-01T00:00:00Z", "Set", "the clock cannot show"),
        ("JSON", "{", "Make stub", "This is not JSON"),
    ]:
        scene.fill("mouse", field, given, "main")
        scene.press("mouse", button, "main")
        scene.wait_for(told)
    read_console(scene.browser)  # Chromium notes the answer 409 by itself


PAGES = ["/", "/requests/3", "/requests/4", "/content", "ITEMS", "ITEM", "/assets", "/webhooks", "/conditions",
         "/rules", "/rules/items.create.duplicate-slug", "/nowhere", "/content/nowhere", "/~checkout/"]  # fmt: skip


@pytest.fixture
def pages(scene: Scene) -> list[str]:
    """Every page there is, with something on it."""
    scene.call("POST", f"/sites/{scene.said['site_id']}/webhooks",
               {"triggerType": "collection_item_created", "url": "https://hooks.example/in"})  # fmt: skip
    item = scene.call("POST", scene.items_path(), {"fieldData": {"name": "Ada"}}).json()["id"]
    scene.call("PATCH", f"{scene.items_path()}/{item}", {"fieldData": {"name": "Ada Byron"}})
    scene.call("GET", f"/sites/{scene.said['site_id']}/pages")
    control = f"{scene.origin}/_fake"
    for path, body in {
        "forks/checkout": {},
        "snapshots/before": {},
        "clock": {"time": "2030-01-01T00:00:00Z"},
    }.items():
        requests.put(f"{control}/{path}", json=body, timeout=10).raise_for_status()
    fault = {"when": {"operations": ["items.create"]}, "then": {"respond": {"status": 503}}}
    requests.post(f"{control}/faults", json=fault, timeout=10).raise_for_status()
    requests.post(f"{control}/stubs", json={"operation": "list-pages"}, timeout=10).raise_for_status()
    items = scene.items_path().replace("/collections", "/content").removesuffix("/items")
    return [{"ITEMS": items, "ITEM": f"{items}/{item}"}.get(page, page) for page in PAGES if page != "/nowhere"]


OPEN_EVERYTHING = "for (const one of document.querySelectorAll('main details')) one.open = true;"
RUN_AXE = (
    "axe.run().then((found) => arguments[0](found.violations.map((one) => [one.id, one.nodes.map((n) => n.html)])))"
)


def test_no_page_breaks_a_rule_of_axe_or_scrolls_sideways(
    scene: Scene, pages: list[str], pytestconfig: pytest.Config
) -> None:
    modules = install_from_npm(pytestconfig, Path(__file__).parent / "axe" / "package.json")
    axe = (modules / "axe-core" / "axe.min.js").read_text()
    found: list[Any] = []
    for width, dark in SCREENS:
        set_screen(scene.browser, width, 800, dark=dark)
        for page in pages:
            scene.open(page)
            scene.browser.execute_script(OPEN_EVERYTHING)
            if scene.browser.execute_script("return document.documentElement.scrollWidth > innerWidth"):
                found.append((page, width, "scrolls sideways"))
            # As a debugger puts it in, which the page's own policy has no say in.
            scene.browser.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
            violations = scene.browser.execute_async_script(RUN_AXE)
            found += [(page, width, dark, *one) for one in violations]
    read_console(scene.browser)  # the pages that are not there are noted by Chromium itself
    assert found == []


def test_pages_can_be_read_without_scripts(scene: Scene, pages: list[str]) -> None:
    scene.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        for page in pages:
            scene.open(page)
            assert scene.browser.find_element(By.TAG_NAME, "h1").text
            assert len(scene.text()) > 20
    finally:
        scene.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    read_console(scene.browser)
