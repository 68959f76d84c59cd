"""Recruiting's chapter of the demo world."""

from datetime import timedelta

import pytest

from gigcx.accounts.models import User
from gigcx.audit.models import AuditEntry
from gigcx.web.demo import DEMO_PASSWORD, World
from gigcx.web.timeline import sentence_of
from recruiting.demo import tell, tell_drafts
from recruiting.models import Agent, Engagement, Program, TermsAcceptance
from recruiting.states import EngagementState
from tests import cast


@pytest.fixture
def world(db: None) -> World:
    for name, slug, timezone, currency, owner in (
        ("Alder & Wren", "alder-wren", "America/New_York", "USD", "Ines Alder"),
        ("Northline", "northline", "Europe/Berlin", "EUR", "Nils North"),
    ):
        brand = cast.make_brand(name, timezone=timezone, currency=currency)
        brand.slug = slug
        brand.save(update_fields=["slug"])
        cast.make_member(brand, owner)
    cast.ops()
    return World(at=cast.MONDAY_NOON)


def test_the_chapter_tells_of_three_programs_and_two_hundred_people_at_many_stages(world: World) -> None:
    tell_drafts(world)
    tell(world)
    programs = dict(Program.objects.across_brands().values_list("name", "state"))
    assert programs == dict.fromkeys(("Holiday Chat", "Returns e-mail", "Billing voice"), "recruiting")
    assert Agent.objects.across_brands().count() == 200
    rows = Engagement.objects.across_brands()
    assert set(rows.values_list("state", flat=True)) >= {
        EngagementState.APPLIED,
        EngagementState.ACCEPTED,
        EngagementState.DECLINED,
        EngagementState.ENDED,
    }
    assert rows.filter(state=EngagementState.ACCEPTED).count() > 80
    assert not rows.filter(applied_at__gt=world.at).exists()
    ada = User.objects.get(email="ada@demo.example")
    assert ada.check_password(DEMO_PASSWORD)
    hers = rows.get(agent__user=ada)
    assert (hers.program.name, hers.state) == ("Holiday Chat", EngagementState.ACCEPTED)
    assert TermsAcceptance.objects.across_brands().filter(agent=hers.agent).exists()
    bo = Agent.objects.across_brands().get(user__email="bo@demo.example")
    assert bo.state == "registered"
    assert world.at - timedelta(hours=1) < bo.created_at <= world.at
    unsaid = [one for one in AuditEntry.objects.all() if "…" in sentence_of(one)]
    assert unsaid == [], "a sentence names what its entry does not carry"
    assert [line.email for line in world.sign_ins] == ["ada@demo.example", "bo@demo.example"]
