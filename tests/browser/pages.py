"""The pages that every visual check visits: who, where, and how to find the address of one thing."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tests.browser.conftest import Watched

DANA = "dana@demo.example"  # owner at Alder & Wren
ADA = "ada@demo.example"  # certified agent
BO = "bo@demo.example"  # signed up a minute ago
OLU = "olu@demo.example"  # ops
LEARNER = "agent0008@demo.example"  # in the middle of a course


@dataclass(frozen=True)
class Visit:
    """One page. `link` is a selector on `path` whose address is visited instead, for pages about one thing.

    `then` is a selector on that page, for things that are reached in two steps.
    """

    name: str
    who: str
    path: str
    link: str = ""
    then: str = ""
    has_calendar: bool = False
    is_admin: bool = False
    known: frozenset[str] = frozenset()

    def path_on(self, watched: "Watched") -> str:
        """The address to open; follows `link` from the list page."""
        address = self.path
        for link in filter(None, (self.link, self.then)):
            watched.go(address)
            found = watched.page.locator(link).first.get_attribute("href", timeout=5000)
            assert found, f"no {link} on {address}"
            address = found if found.startswith("/") else urlsplit(address).path + found
        return address


def to_one(folder: str, *, end: str = "/") -> str:
    """A link of the page's own content to one thing below a folder."""
    return f"main a[href^='{folder}'][href$='{end}']:not([href='{folder}'], [href$='/new/'])"


B = "/b/alder-wren"
PROGRAM = to_one(f"{B}/programs/")
PUBLISHED = ", ".join(
    f"main tr:has-text('{state}') a[href^='{B}/capacity/requests/']" for state in ("Live", "Published")
)
COURSE = to_one(f"{B}/training/courses/")
BANK = to_one(f"{B}/training/banks/")
LESSONS = "/work/learn/courses/"
PAGES = [
    Visit("landing", "", "/"),
    Visit("trust", "", "/trust/"),
    Visit("status", "", "/status/"),
    Visit("sign-in", "", "/account/login/"),
    Visit("sign-up", "", "/account/signup/"),
    Visit("password-reset", "", "/account/password/reset/"),
    Visit("opportunities", "", "/opportunities/"),
    Visit("opportunity", "", "/opportunities/", link="main a[href^='/o/']"),
    Visit("net-pay", "", "/opportunities/", link="main a[href^='/o/']", then="main a[href$='/net-pay/']"),
    Visit("styleguide", "", "/styleguide/"),
    Visit("start", BO, "/start/"),
    Visit("today", DANA, f"{B}/"),
    Visit("capacity", DANA, f"{B}/capacity/"),
    Visit("capacity-all-hours", DANA, f"{B}/capacity/?hours=all&zoom=15"),
    Visit("capacity-paste", DANA, f"{B}/capacity/", link=f"main a[href^='{B}/capacity/paste/']"),
    Visit("requirement", DANA, f"{B}/capacity/requirement/"),
    Visit("capacity-all", DANA, f"{B}/capacity/all/"),
    Visit("forecast", DANA, f"{B}/capacity/forecast/"),
    Visit("forecast-handling-times", DANA, f"{B}/capacity/forecast/?layer=aht&hours=all&zoom=60"),
    Visit("actuals", DANA, f"{B}/capacity/actuals/"),
    Visit("own-staff", DANA, f"{B}/capacity/own-staff/"),
    Visit("uploads", DANA, f"{B}/capacity/uploads/"),
    Visit("upload", DANA, f"{B}/capacity/uploads/", link=to_one(f"{B}/capacity/uploads/")),
    Visit("templates", DANA, f"{B}/capacity/templates/"),
    Visit("template", DANA, f"{B}/capacity/templates/", link=to_one(f"{B}/capacity/templates/")),
    Visit("template-new", DANA, f"{B}/capacity/templates/new/"),
    Visit("requests", DANA, f"{B}/capacity/requests/"),
    Visit("request", DANA, f"{B}/capacity/requests/", link=to_one(f"{B}/capacity/requests/")),
    Visit(
        "shift",
        DANA,
        f"{B}/capacity/requests/",
        link=PUBLISHED,
        then=to_one(f"{B}/capacity/shifts/"),
    ),
    Visit(
        "fill",
        DANA,
        f"{B}/capacity/requests/",
        link=PUBLISHED,
        then=to_one(f"{B}/capacity/requests/", end="/fill/"),
    ),
    Visit(
        "request-shifts",
        DANA,
        f"{B}/capacity/requests/",
        link=PUBLISHED,
        then="main a[href$='/shifts/']",
    ),
    Visit("worked-hours", DANA, f"{B}/capacity/hours/"),
    Visit("minutes-by-cause", DANA, f"{B}/capacity/hours/causes/"),
    Visit("the-day", DANA, f"{B}/day/"),
    Visit("seat-map", DANA, f"{B}/day/seats/"),
    Visit("wall", DANA, f"{B}/day/screen/"),
    Visit("incidents", DANA, f"{B}/day/incidents/"),
    Visit("swaps-to-approve", DANA, f"{B}/capacity/swaps/"),
    Visit("programs", DANA, f"{B}/programs/"),
    Visit("program-new", DANA, f"{B}/programs/new/"),
    Visit("program", DANA, f"{B}/programs/", link=PROGRAM),
    Visit("program-edit", DANA, f"{B}/programs/", link=PROGRAM, then=to_one(f"{B}/programs/", end="/edit/")),
    Visit("program-pay", DANA, f"{B}/programs/", link=PROGRAM, then=to_one(f"{B}/programs/", end="/pay/")),
    Visit("program-terms", DANA, f"{B}/programs/", link=PROGRAM, then=to_one(f"{B}/programs/", end="/terms/")),
    Visit("program-questions", DANA, f"{B}/programs/", link=PROGRAM, then=to_one(f"{B}/programs/", end="/questions/")),
    Visit("talent", DANA, f"{B}/talent/"),
    Visit("talent-certified", DANA, f"{B}/talent/?stage=certified"),
    Visit("talent-nobody", DANA, f"{B}/talent/?stage=applied&q=zzzz"),
    Visit("talent-person", DANA, f"{B}/talent/", link=to_one(f"{B}/talent/")),
    Visit("courses", DANA, f"{B}/training/"),
    Visit("course-new", DANA, f"{B}/training/courses/new/"),
    Visit("course", DANA, f"{B}/training/", link=COURSE),
    Visit("course-version", DANA, f"{B}/training/", link=COURSE, then=to_one(f"{B}/training/versions/")),
    Visit("certifications", DANA, f"{B}/training/certifications/"),
    Visit(
        "certification",
        DANA,
        f"{B}/training/certifications/",
        link=to_one(f"{B}/training/certifications/"),
    ),
    Visit(
        "waivers",
        DANA,
        f"{B}/training/certifications/",
        link=to_one(f"{B}/training/certifications/"),
        then="a[href$='/waivers/']",
    ),
    Visit("tests", DANA, f"{B}/training/tests/"),
    Visit("test", DANA, f"{B}/training/tests/", link=to_one(f"{B}/training/tests/")),
    Visit("item-banks", DANA, f"{B}/training/banks/"),
    Visit("item-bank", DANA, f"{B}/training/banks/", link=BANK),
    Visit("item", DANA, f"{B}/training/banks/", link=BANK, then=to_one(f"{B}/training/banks/items/")),
    Visit("billing", DANA, f"{B}/billing/"),
    Visit("billing-funds", DANA, f"{B}/billing/funds/"),
    Visit("billing-top-up", DANA, f"{B}/billing/funds/", link=to_one(f"{B}/billing/top-ups/")),
    Visit("billing-budgets", DANA, f"{B}/billing/budgets/"),
    Visit("invoices", DANA, f"{B}/billing/invoices/"),
    Visit("invoice", DANA, f"{B}/billing/invoices/", link=to_one(f"{B}/billing/invoices/")),
    Visit("credit-note", DANA, f"{B}/billing/invoices/", link=to_one(f"{B}/billing/credit-notes/")),
    Visit("billing-profile", DANA, f"{B}/billing/details/"),
    Visit("billing-lines", DANA, f"{B}/billing/lines/"),
    Visit("billing-line", DANA, f"{B}/billing/lines/", link=to_one(f"{B}/billing/lines/")),
    Visit("settings", DANA, f"{B}/settings/"),
    Visit("members", DANA, f"{B}/settings/members/"),
    Visit("brand-security", DANA, f"{B}/settings/security/"),
    Visit("api-keys", DANA, f"{B}/settings/keys/"),
    Visit("notifications", DANA, "/notifications/"),
    Visit("notification-wishes", DANA, "/notifications/settings/"),
    Visit("agent-home", ADA, "/work/"),
    Visit("find-work", ADA, "/work/find/"),
    Visit("find-everything", ADA, "/work/find/?show=all"),
    Visit("draw", ADA, "/work/find/", link="main a[href^='/work/draws/']"),
    Visit("draw-proof", ADA, "/work/find/", link="main a[href^='/work/draws/']", then="main a[href^='/draws/']"),
    Visit("find-opportunities", ADA, "/work/find/opportunities/"),
    Visit("apply", BO, "/opportunities/", link="main a[href^='/o/']", then="main a[href$='/apply/']"),
    Visit("applications", ADA, "/work/applications/"),
    Visit("terms", ADA, "/work/applications/", link=to_one("/work/terms/")),
    Visit("schedule", ADA, "/work/schedule/"),
    Visit("swaps", ADA, "/work/schedule/swaps/"),
    Visit("claim", ADA, "/work/schedule/", link=to_one("/work/schedule/")),
    Visit("desk", ADA, "/work/desk/"),
    Visit("learn", ADA, "/work/learn/"),
    Visit("learn-in-the-middle", LEARNER, "/work/learn/"),
    Visit("learn-new", BO, "/work/learn/"),
    Visit("my-courses", ADA, LESSONS),
    Visit("course-home", LEARNER, LESSONS, link=to_one(LESSONS)),
    Visit("lesson", LEARNER, LESSONS, link=to_one(LESSONS), then="main a[href*='/pages/']"),
    Visit("certificates", ADA, "/work/learn/certificates/"),
    Visit("certificate-public", ADA, "/work/learn/certificates/", link="main a[href^='/verify/']"),
    Visit("identity", BO, "/work/learn/identity/"),
    Visit("earnings", ADA, "/work/earnings/"),
    Visit("earning-line", ADA, "/work/earnings/", link=to_one("/work/earnings/lines/")),
    Visit("payouts", ADA, "/work/earnings/payouts/"),
    Visit("payout-account", ADA, "/work/earnings/account/"),
    Visit("instant-payout", ADA, "/work/earnings/instant/"),
    Visit("welcome", BO, "/work/welcome/"),
    Visit("profile", ADA, "/work/profile/"),
    Visit("profile-about", ADA, "/work/profile/about/"),
    Visit("profile-abilities", ADA, "/work/profile/abilities/"),
    Visit("profile-hours", ADA, "/work/profile/hours/"),
    Visit("person", ADA, "/account/me/"),
    Visit("email", ADA, "/account/email/"),
    Visit("second-factor", ADA, "/account/2fa/"),
    Visit("authenticator-app", ADA, "/account/2fa/totp/activate/"),
    Visit("keys", ADA, "/account/2fa/webauthn/"),
    Visit("key-new", ADA, "/account/2fa/webauthn/add/"),
    Visit("password", ADA, "/account/password/change/"),
    Visit("sessions", ADA, "/account/sessions/"),
    Visit("admin-home", OLU, "/admin/", is_admin=True),
    Visit("admin-identity-queue", OLU, "/admin/vetting/identitycheck/?state__exact=needs_review", is_admin=True),
    Visit(
        "admin-identity-check",
        OLU,
        "/admin/vetting/identitycheck/?state__exact=needs_review",
        link="a[href*='/admin/vetting/identitycheck/'][href*='/change/']",
        is_admin=True,
    ),
    Visit("admin-brands", OLU, "/admin/tenancy/brand/?state__exact=in_review", is_admin=True),
    Visit(
        "admin-brand",
        OLU,
        "/admin/tenancy/brand/",
        link="a[href*='/admin/tenancy/brand/'][href*='/change/']",
        is_admin=True,
    ),
    Visit("admin-payout-runs", OLU, "/admin/payments/payoutrun/", is_admin=True),
    Visit("admin-bank-files", OLU, "/admin/payments/bankfile/", is_admin=True),
    Visit("admin-money", OLU, "/admin/payments/railswitch/board/", is_admin=True),
    Visit("admin-claims", OLU, "/admin/scheduling/claim/?state__exact=worked", is_admin=True),
    Visit("admin-ratings", OLU, "/admin/vetting/ratingtask/?state__exact=open", is_admin=True),
    Visit("admin-parked", OLU, "/admin/audit/delivery/?state__exact=parked", is_admin=True),
]
