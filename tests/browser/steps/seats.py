"""People at screens: what they type, press and look for."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg2
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Watched, watch
from tests.product import Product

PASSWORD: Final = "juniper-harbour-7-lamps"
SCREENS: Final[dict[str, dict[str, Any]]] = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
PATIENCE_MS: Final = 20_000


@dataclass
class Seat:
    """One person's browser. Whatever they look for is waited for; whatever goes wrong meanwhile fails the step."""

    watched: Watched
    pictures: Path
    is_phone: bool

    @property
    def page(self) -> Page:
        return self.watched.page

    @property
    def path(self) -> str:
        """Where they are, without the site's address."""
        return self.page.url.removeprefix(self.watched.base)

    def go(self, path: str) -> None:
        """Open a page and expect it to be there."""
        answer = self.watched.go(path)
        assert answer.status == 200, f"{answer.status} at {path}"
        self.watched.check()

    def sees(self, *texts: str | re.Pattern[str]) -> None:
        """Wait for each text in the page's main part."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text, timeout=PATIENCE_MS, use_inner_text=True)
        self.watched.check()

    def types(self, **values: str) -> None:
        """Type into fields by their names."""
        for name, value in values.items():
            self.page.locator(f"[name={name}]").fill(value)

    def chooses(self, **values: str) -> None:
        """Choose in lists by the words shown."""
        for name, value in values.items():
            self.page.locator(f"select[name={name}]").select_option(label=value)

    def ticks(self, *labels: str, within: Locator | None = None) -> None:
        """Tick boxes or choose between dots by their words."""
        for label in labels:
            (within or self.page).get_by_label(label, exact=True).check()

    def presses(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Press the button of that name."""
        (within or self.page).get_by_role("button", name=name).first.click()

    def follows(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Follow the link of that name."""
        (within or self.page).get_by_role("link", name=name).first.click()

    def shows(self, name: str) -> None:
        """Keep a picture. The caret is left alone: hiding it would put styles on fields, which the page's policy forbids."""
        path = self.pictures / f"{name}-{'phone' if self.is_phone else 'desk'}.png"
        self.page.screenshot(path=path, full_page=not self.is_phone, caret="initial")

    def signs_in(self, email: str) -> None:
        """Sign in at the front door."""
        self.watched.sign_in(email)
        self.watched.check()


@dataclass
class Story:
    """Everybody in the story and what they found out: addresses of what they made."""

    product: Product
    chromium: Browser
    pictures: Path
    seats: dict[str, Seat] = field(default_factory=dict)
    at: dict[str, str] = field(default_factory=dict)

    def seat(self, who: str, screen: str = "desk", state: Any = None) -> Seat:
        """The browser of somebody; opened when they first appear."""
        if who not in self.seats:
            context = self.chromium.new_context(
                **SCREENS[screen],
                locale="en-GB",
                timezone_id="Europe/London",
                reduced_motion="reduce",
                storage_state=state,
            )
            context.set_default_timeout(PATIENCE_MS)
            self.seats[who] = Seat(watch(context, self.product.url), self.pictures, screen == "phone")
        return self.seats[who]

    def close(self) -> None:
        """Close every browser."""
        for seat in self.seats.values():
            seat.page.context.close()

    @contextmanager
    def rows(self) -> Iterator[Any]:
        """A cursor on the product's database, for moving what nobody can wait for."""
        connection = psycopg2.connect(self.product.environment["DATABASE_URL"])
        try:
            with connection, connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def moves_time(self, *statements: tuple[str, Sequence[Any]]) -> None:
        """Run statements that move times, in one transaction."""
        with self.rows() as cursor:
            for words, values in statements:
                cursor.execute(words, values)
