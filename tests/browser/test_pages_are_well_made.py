"""Every page of the demo world, both widths, both themes: accessible, light, self-contained, quiet."""

import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Watched, watch
from tests.browser.pages import ADA, PAGES, Visit
from tests.product import Product

pytestmark = [pytest.mark.browser]
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}
THEMES = ("light", "dark")
LIGHT_PAGE_BYTES = 90 * 1024
CALENDAR_PAGE_BYTES = 200 * 1024
weights: dict[str, int] = {}
RUN_AXE = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
# Two frames for the new width to take effect, then until transitions are over (half a second at most).
SETTLED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(async () => {
    const late = new Promise((resolve) => setTimeout(resolve, 500));
    await Promise.race([late, Promise.allSettled(document.getAnimations().map((one) => one.finished))]);
    done();
})))"""
LOADED = "performance.getEntriesByType('resource').map((one) => one.name.split('?')[0])"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def seats(product: Product, chromium: Browser) -> Iterator[dict[str, Watched]]:
    """One signed-in page per kind of visitor."""
    contexts = {who: chromium.new_context(reduced_motion="reduce") for who in sorted({visit.who for visit in PAGES})}
    found = {who: watch(context, product.url) for who, context in contexts.items()}
    for who, watched in found.items():
        if who:
            watched.sign_in(who)
        watched.problems.clear()
    yield found
    for context in contexts.values():
        context.close()


def test_paper_is_light_whatever_the_screen_and_carries_no_controls(seats: dict[str, Watched]) -> None:
    page = seats[ADA].page
    page.emulate_media(media="print", color_scheme="dark")
    try:
        seats[ADA].go("/work/earnings/")
        ink = page.locator("h1").evaluate("(one) => getComputedStyle(one).color")
        lightness = float(re.findall(r"oklch\(([\d.]+)", ink)[0])
        shown = [name for name in (".top", ".tabs", ".tabbar", ".btn") if page.locator(f"{name}:visible").count()]
    finally:
        page.emulate_media(media="screen", color_scheme="light")
    assert lightness < 0.5, f"{ink} on white paper"
    assert shown == []


@pytest.mark.parametrize("visit", PAGES, ids=lambda visit: visit.name)
def test_a_page_is_accessible_light_quiet_and_fits(seats: dict[str, Watched], visit: Visit) -> None:
    watched = seats[visit.who]
    path = visit.path_on(watched)
    found = [fault for theme in THEMES for fault in _faults_in(theme, watched, visit, path)]
    assert not found, "\n".join(found)
    loaded = {
        url: _weight(watched.page, url) for url in watched.page.evaluate(LOADED) if re.search(r"\.(css|js)$", url)
    }
    assert any(url.endswith("app.css") for url in loaded) or visit.is_admin, "a page without its style proves nothing"
    limit = CALENDAR_PAGE_BYTES if visit.has_calendar else LIGHT_PAGE_BYTES
    assert visit.is_admin or sum(loaded.values()) <= limit, loaded


def _faults_in(theme: Any, watched: Watched, visit: Visit, path: str) -> list[str]:
    """Load the page in a theme (a change of theme would be caught in the middle of its transitions) and look at it."""
    page = watched.page
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    response = watched.go(path)
    page.wait_for_load_state("networkidle")
    assert response.status == 200
    assert page.locator("h1").count() == 1
    watched.check()
    page.evaluate(AXE_SCRIPT)
    found = [f"{theme} {fault}" for width in WIDTHS for fault in _faults(page, visit, width)]
    watched.check()
    return found


def _weight(page: Page, url: str) -> int:
    """The compressed bytes of one file; each is fetched once."""
    if url not in weights:
        weights[url] = len(gzip.compress(page.context.request.get(url).body()))
    return weights[url]


def _faults(page: Page, visit: Visit, width: str) -> list[str]:
    """What axe and the ruler find in one width."""
    page.set_viewport_size({"width": WIDTHS[width][0], "height": WIDTHS[width][1]})
    page.evaluate(SETTLED)
    grave = [one for one in page.evaluate(RUN_AXE) if one["impact"] in {"serious", "critical"}]
    known = visit.known if visit.is_admin else frozenset()
    said = [
        f"{width}: {one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:4]]}"
        for one in grave
        if one["id"] not in known
    ]
    overflow = page.evaluate(OVERFLOW)
    wide = overflow > 1 and not visit.is_admin
    return [*said, *([f"{width}: {overflow} pixels too wide"] if wide else [])]
