"""The tables of outgoing webhooks hold what their later work needs."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from gigcx.audit.models import OutboxEvent
from gigcx.tenancy.models import Brand
from gigcx.tenancy.scoping import ScopeMissing
from gigcx.webhooks.models import Delivery, Endpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint(acme: Brand, at: datetime) -> Endpoint:
    return Endpoint.objects.create(brand=acme, url="https://hooks.acme.test/", created_at=at)


def test_an_endpoint_belongs_to_its_brand(endpoint: Endpoint, globex: Brand) -> None:
    with pytest.raises(ScopeMissing):
        list(Endpoint.objects.all())
    assert not Endpoint.objects.for_brand(globex.pk).exists()
    assert Endpoint.objects.for_brand(endpoint.brand_id).get() == endpoint


def test_a_fact_goes_to_an_endpoint_once(endpoint: Endpoint, at: datetime) -> None:
    event = OutboxEvent.objects.create(type="tests.any", occurred_at=at, payload={"id": str(uuid4())})

    def deliver() -> Delivery:
        return Delivery.objects.create(
            brand_id=endpoint.brand_id, endpoint=endpoint, event=event, run_at=at, created_at=at
        )

    deliver()
    with pytest.raises(IntegrityError), transaction.atomic():
        deliver()


@pytest.mark.parametrize("state", ["", "lost"])
def test_a_state_that_is_none_is_refused_by_the_database(endpoint: Endpoint, state: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Endpoint.objects.for_brand(endpoint.brand_id).update(state=state)
