"""A live program's own page leads to its week; before that, and for who may not plan, it does not."""

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Program
from recruiting.states import ProgramState
from tests import cast

pytestmark = pytest.mark.django_db


def page_of(actor: BrandActor, program: Program) -> str:
    client = Client()
    client.force_login(actor.user)
    url = reverse("recruiting:program", args=[actor.brand.slug, program.pk])
    return client.get(url).content.decode()


def way_to_week(program: Program) -> str:
    return f"{reverse('scheduling:capacity', args=[program.brand.slug])}?program={program.pk}"


@pytest.mark.parametrize(("state", "leads"), [(ProgramState.LIVE, True), (ProgramState.RECRUITING, False)])
def test_only_a_live_program_leads_to_its_week(state: str, leads: bool, chat: Program, acme_owner: BrandActor) -> None:
    Program.objects.across_brands().filter(pk=chat.pk).update(state=state)
    page = page_of(acme_owner, chat)
    assert (way_to_week(chat) in page) is leads
    assert page.count("btn-primary") == int(leads)


def test_who_may_only_look_is_not_led_to_planning(chat: Program, acme: Brand) -> None:
    Program.objects.across_brands().filter(pk=chat.pk).update(state=ProgramState.LIVE)
    viewer = cast.make_member(acme, "Vera Viewer", role="viewer")
    assert way_to_week(chat) not in page_of(viewer, chat)
