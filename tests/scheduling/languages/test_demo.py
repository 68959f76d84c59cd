"""The chapter's bilingual week."""

from datetime import datetime

import pytest

from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from gigcx.web.demo import World
from recruiting.models import Program
from scheduling.demo.languages import tell_languages
from scheduling.models import CapacityRequest, ServiceTarget, StaffingRequirement
from tests.scheduling.conftest import made_program

pytestmark = pytest.mark.django_db


def test_the_chapter_plans_one_week_of_one_language_where_a_program_serves_two(
    acme: Brand, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    for program in (chat, made_program(acme, "Plain Chat")):
        tell_languages(World(at=at), program, by=acme_owner)
    request = CapacityRequest.objects.across_brands().get()
    assert (request.program, request.language) == (chat, "en")
    assert request.intervals.filter(agents__gt=0).exists()
    for model in (ServiceTarget, StaffingRequirement):
        assert model.objects.across_brands().get().language == "en"
