"""Every page of the demo world, both widths, both themes: accessible, light, self-contained, quiet."""

import gzip
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Watched, watch
from tests.browser.pages import PAGES, Visit
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WIDTHS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
LIGHT_PAGE_BYTES = 90 * 1024
CALENDAR_PAGE_BYTES = 200 * 1024


@pytest.fixture(scope="module", params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=["desk", "phone"])
def seat(
    request: pytest.FixtureRequest, product: Product, chromium: Browser, theme: str
) -> Iterator[dict[str, Watched]]:
    """One signed-in page per kind of visitor, in one width and theme."""
    seats: dict[str, Watched] = {}
    contexts = []
    for who in sorted({visit.who for visit in PAGES}):
        context = chromium.new_context(viewport=WIDTHS[request.param], color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # the two literals
        contexts.append(context)
        seats[who] = watch(context, product.url)
        if who:
            seats[who].sign_in(who)
        seats[who].problems.clear()
    yield seats
    for context in contexts:
        context.close()


@pytest.mark.parametrize("visit", PAGES, ids=lambda visit: visit.name)
def test_a_page_is_accessible_quiet_and_fits(seat: dict[str, Watched], visit: Visit) -> None:
    watched = seat[visit.who]
    response = watched.go(visit.path_on(watched))
    assert response.status == 200
    assert watched.page.locator("h1").count() >= 1 or visit.is_admin
    watched.check()
    results = Axe().run(watched.page)
    grave = [v for v in results.response["violations"] if v["impact"] in {"serious", "critical"}]
    grave = [v for v in grave if not visit.is_admin or v["id"] not in visit.known]
    assert [(v["id"], [n["html"][:160] for n in v["nodes"][:4]], v["help"]) for v in grave] == []
    overflow = watched.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 1 or visit.is_admin


@pytest.mark.parametrize("visit", [page for page in PAGES if not page.is_admin], ids=lambda visit: visit.name)
def test_a_page_is_light(desk: Watched, visit: Visit) -> None:
    if visit.who:
        desk.sign_in(visit.who)
    loaded: dict[str, int] = {}

    def weigh(response: object) -> None:
        url = response.url  # type: ignore[attr-defined]  # a Response
        if re.search(r"\.(css|js)(\?|$)", url) and response.status == 200:  # type: ignore[attr-defined]  # same
            loaded[url] = len(gzip.compress(response.body()))  # type: ignore[attr-defined]  # same

    path = visit.path_on(desk)
    desk.page.on("response", weigh)
    desk.go(path)
    desk.page.wait_for_timeout(150)
    limit = CALENDAR_PAGE_BYTES if visit.has_calendar else LIGHT_PAGE_BYTES
    assert loaded
    assert sum(loaded.values()) <= limit, loaded
