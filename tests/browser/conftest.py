"""A real Chromium on the real product; every load is watched for failed files, console errors and policy violations."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from gigcx.local.browser import installed_browser
from gigcx.web.demo import DEMO_PASSWORD
from tests.product import Product

# Playwright's synchronous driver runs an event loop; Django must not take that for an asynchronous view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with its demo world, served for the whole session."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    running = Product(f"test_browser_{worker}", tmp_path_factory.mktemp("product"), changed={"STYLE_PAGE": "yes"})
    running.create()
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one the tests fail and say how to get it."""
    found = installed_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(found.program), args=list(found.options), env={**found.environment} or None
        )
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page with everything that went wrong while it loaded."""

    page: Page
    base: str
    problems: list[str] = field(default_factory=list)

    def go(self, path: str) -> Response:
        """Open a path of the product; a page that goes somewhere by itself just then may break off the first try."""
        try:
            response = self.page.goto(self.base + path, wait_until="load")
        except PlaywrightError as broken_off:
            if "ERR_ABORTED" not in broken_off.message:
                raise
            response = self.page.goto(self.base + path, wait_until="load")
        assert response is not None
        return response

    def sign_in(self, email: str, password: str = DEMO_PASSWORD) -> None:
        """Sign in as a person types it."""
        self.go("/account/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda url: "/account/login/" not in url)

    def check(self) -> None:
        """Fail if anything went wrong since the last check."""
        found, self.problems = self.problems, []
        assert found == []


def watch(context: BrowserContext, base: str) -> Watched:
    """Open a page that records failed responses, foreign requests, console errors and policy violations."""
    page = context.new_page()
    watched = Watched(page, base)
    page.on(
        "console",
        lambda said: (
            watched.problems.append(f"console {said.type}: {said.text}") if said.type in {"error", "warning"} else None
        ),
    )
    page.on("pageerror", lambda error: watched.problems.append(f"script: {error}"))
    page.on(
        "request",
        lambda asked: (
            watched.problems.append(f"left the site: {asked.url}")
            if not asked.url.startswith((base, "data:", "blob:"))
            else None
        ),
    )
    page.on(
        "response",
        lambda got: (
            watched.problems.append(f"{got.status} {got.url}") if "/static/" in got.url and got.status >= 400 else None
        ),
    )
    return watched


@pytest.fixture
def desk(product: Product, chromium: Browser) -> Iterator[Watched]:
    """A page on a desktop screen, 1280 pixels wide."""
    with chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB") as context:
        yield watch(context, product.url)


@pytest.fixture
def phone(product: Product, chromium: Browser) -> Iterator[Watched]:
    """A page on a phone, 390 pixels wide."""
    with chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="en-GB"
    ) as context:
        yield watch(context, product.url)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: GIGCX_PICTURES when set, else a temporary folder."""
    folder = Path(os.environ.get("GIGCX_PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
