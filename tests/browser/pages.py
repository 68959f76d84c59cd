"""The pages that every visual check visits: who, where, and how to find the address of one thing."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.browser.conftest import Watched

DANA = "dana@demo.example"  # owner at Alder & Wren
ADA = "ada@demo.example"  # certified agent
BO = "bo@demo.example"  # signed up a minute ago
OLU = "olu@demo.example"  # ops


@dataclass(frozen=True)
class Visit:
    """One page. `link` is a selector on `path` whose address is visited instead, for pages about one thing."""

    name: str
    who: str
    path: str
    link: str = ""
    has_calendar: bool = False
    is_admin: bool = False
    known: frozenset[str] = frozenset()

    def path_on(self, watched: "Watched") -> str:
        """The address to open; follows `link` from the list page."""
        if not self.link:
            return self.path
        watched.go(self.path)
        address = watched.page.locator(self.link).first.get_attribute("href")
        assert address, f"no {self.link} on {self.path}"
        return address


B = "/b/alder-wren"
PAGES = [
    Visit("landing", "", "/"),
    Visit("trust", "", "/trust/"),
    Visit("status", "", "/status/"),
    Visit("sign-in", "", "/account/login/"),
    Visit("sign-up", "", "/account/signup/"),
    Visit("password-reset", "", "/account/password/reset/"),
    Visit("opportunities", "", "/opportunities/"),
    Visit("opportunity", "", "/opportunities/", link="main a[href^='/o/']"),
    Visit("styleguide", "", "/styleguide/"),
    Visit("start", BO, "/start/"),
    Visit("today", DANA, f"{B}/"),
    Visit("capacity", DANA, f"{B}/capacity/"),
    Visit("programs", DANA, f"{B}/programs/"),
    Visit("program", DANA, f"{B}/programs/", link=f"main a[href^='{B}/programs/']:not([href$='/new/'])"),
    Visit("talent", DANA, f"{B}/talent/"),
    Visit("courses", DANA, f"{B}/training/"),
    Visit("certifications", DANA, f"{B}/training/certifications/"),
    Visit("item-banks", DANA, f"{B}/training/banks/"),
    Visit("billing", DANA, f"{B}/billing/"),
    Visit("settings", DANA, f"{B}/settings/"),
    Visit("notifications", DANA, "/notifications/"),
    Visit("agent-home", ADA, "/work/"),
    Visit("find-work", ADA, "/work/find/"),
    Visit("find-opportunities", ADA, "/work/find/opportunities/"),
    Visit("applications", ADA, "/work/applications/"),
    Visit("schedule", ADA, "/work/schedule/"),
    Visit("desk", ADA, "/work/desk/"),
    Visit("learn", ADA, "/work/learn/"),
    Visit("certificates", ADA, "/work/learn/certificates/"),
    Visit("identity", BO, "/work/learn/identity/"),
    Visit("earnings", ADA, "/work/earnings/"),
    Visit("profile", ADA, "/work/profile/"),
    Visit("person", ADA, "/account/me/"),
    Visit("second-factor", ADA, "/account/2fa/"),
    Visit("sessions", ADA, "/account/sessions/"),
    Visit("admin-home", OLU, "/admin/", is_admin=True),
]
