"""Publishing what an hour of each program really came to."""

from datetime import datetime

from django.db import transaction

from gigcx.audit import outbox, trail
from gigcx.tenancy.actors import Actor
from payments.events import PayLabelPublished
from payments.models import PayLabel
from payments.pricing import FORMULA_VERSION, inputs_of, pay_label
from payments.queries.labels import LabelInputs, LabelPeriod, label_inputs, label_period, programs_to_label
from recruiting.models import Program


def publish_pay_labels(*, by: Actor, at: datetime) -> list[PayLabel]:
    """This function will publish the label of every live program over its last eight full weeks and return the new ones.

    A label is known by program, currency, period, formula and inputs: run again over the same books it publishes
    nothing. With too little data the row says how little and has no figure.
    """
    found = []
    for program in programs_to_label(at=at):
        found += publish_labels_of(program, by=by, at=at)
    return found


@transaction.atomic
def publish_labels_of(program: Program, *, by: Actor, at: datetime) -> list[PayLabel]:
    """This function will publish one program's labels, a currency each, and return those that are new."""
    period = label_period(program, at=at)
    wanted = [_label(program, period, one, at) for one in label_inputs(program, period)]
    PayLabel.objects.bulk_create(wanted, ignore_conflicts=True)
    rows = PayLabel.objects.across_brands().filter(pk__in=[one.pk for one in wanted])
    fresh = list(rows.order_by("currency"))
    for label in fresh:
        trail.record("payments.publish_pay_label", label, by=by, at=at, changes={"agents": label.n_agents})
        outbox.publish(
            PayLabelPublished(pay_label_id=label.pk, program_id=program.pk), at=at, brand_id=program.brand_id
        )
    return fresh


def _label(program: Program, period: LabelPeriod, given: LabelInputs, at: datetime) -> PayLabel:
    net = pay_label(given.samples, weeks=given.weeks)
    inputs, inputs_hash = inputs_of(given.samples, weeks=given.weeks)
    return PayLabel(
        brand_id=program.brand_id,
        program=program,
        currency=given.currency,
        period_from=period.since_on,
        period_to=period.until_on,
        n_agents=net.n_agents,
        n_weeks=net.n_weeks,
        q1_minor=net.q1_minor,
        median_minor=net.median_minor,
        q3_minor=net.q3_minor,
        formula_version=FORMULA_VERSION,
        inputs_hash=inputs_hash,
        inputs=inputs,
        published_at=at,
    )
