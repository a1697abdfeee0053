"""A real browser without a window: Chromium, driven by Selenium, that reaches this machine and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.wait import WebDriverWait
from tools import find_tool

PATIENCE = 30
"""Seconds that a page may take on a machine that is busy with other things."""

_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",  # which needs rights that containers do not give
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--force-prefers-reduced-motion",
    # Every name under .example is this machine, as if its owner had bound it anew. No other name is looked up.
    "--host-resolver-rules=MAP *.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    # Newer versions ask people before a page from outside may reach this machine. Others do not, so the fake is to
    # hold without it.
    "--disable-features=LocalNetworkAccessChecks",
)


@contextmanager
def open_browser() -> Iterator[Chrome]:
    """A browser of its own, without cookies; it is closed at the end."""
    options = ChromeOptions()
    options.binary_location = find_tool("chromium", "google-chrome")
    for argument in _ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options, Service(find_tool("chromedriver")))
    try:
        browser.set_page_load_timeout(PATIENCE)
        browser.set_script_timeout(PATIENCE)
        yield browser
    finally:
        browser.quit()


def set_screen(browser: Chrome, width: int = 1280, height: int = 800, *, dark: bool = False) -> None:
    """Has pages shown on a screen of that many pixels, to somebody who prefers light or dark."""
    # A window has a least width of some 500 pixels, a screen has none.
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def wait_for_script(browser: Chrome, expression: str) -> object:
    """The value of an expression of JavaScript in the page that is open, once it is true."""
    return WebDriverWait(browser, PATIENCE).until(lambda _: browser.execute_script(f"return {expression}"))


def read_console(browser: Chrome) -> list[str]:
    """What the page wrote to the browser's console since this was last asked: errors, refusals, logs."""
    return [entry["message"] for entry in browser.get_log("browser")]


@pytest.fixture(scope="session")
def _browser() -> Iterator[Chrome]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def browser(_browser: Chrome) -> Chrome:
    """The session's browser as if it were new: on an empty page, of 1280 pixels, light, without cookies or logs."""
    _browser.get("about:blank")
    _browser.execute_cdp_cmd("Storage.clearCookies", {})
    set_screen(_browser)
    read_console(_browser)
    return _browser
