"""Keeping agents' tax data, and taking them out for the tax office."""

import re
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.audit.sealing import Sealed, open_sealed, open_text, seal, seal_text
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.tenancy.actors import Actor, OpsActor
from payments.documents import SANDBOX, csv_bytes, digest
from payments.documents.taxes import Reported, is_due, tax_sheet
from payments.errors.documents import DocumentAltered, NothingToReport, TaxRangeWrong, ThresholdUnknown
from payments.models import TaxExport, TaxProfile, TaxThreshold
from payments.policies.taxes import can_export_tax, form_of, is_number
from payments.queries.taxes import Income, income_of, period_of, tax_export_for, threshold_of
from payments.states import TaxForm
from recruiting.models import Agent

_SEPARATORS = re.compile(r"[\s./-]")


@dataclass(frozen=True, slots=True)
class TaxFacts:
    """What an agent tells about their taxes. An empty number keeps the one that is there."""

    country: str
    legal_name: str
    address: str = ""
    birth_date: date | None = None
    number: str = ""
    vat_id: str = ""


@transaction.atomic
def save_tax_profile(
    *, agent_id: UUID, facts: TaxFacts, valid_from: date, by: Actor, at: datetime, form: str = ""
) -> TaxProfile:
    """This function will keep tax data from a day on; what was valid before ends on that day (exclusive).

    The first data begin on 1 January of their year. The number is encrypted; four signs of it are shown. Without `form`
    the country decides which report they go into.

    Raises:
        Invalid: the number cannot be one of that country, or none was ever given.
        TaxRangeWrong: the present data begin later than that day.
    """
    Agent.objects.across_brands().select_for_update(of=("self",), no_key=True).get(pk=agent_id)
    before = _open_profile(agent_id)
    number = _number(facts, before)
    starts = _closed(before, valid_from) if before else date(valid_from.year, 1, 1)
    profile = _profile(agent_id, facts, number, starts=starts, form=form, at=at)
    changes = {"country": profile.country, "form": profile.form, "valid_from": str(starts)}
    trail.record("payments.save_tax_profile", profile, by=by, at=at, changes=changes)
    return profile


def _open_profile(agent_id: UUID) -> TaxProfile | None:
    rows = TaxProfile.objects.across_brands().filter(agent_id=agent_id, valid__upper_inf=True, valid__isempty=False)
    return rows.select_for_update().first()


def _number(facts: TaxFacts, before: TaxProfile | None) -> str:
    number = _SEPARATORS.sub("", facts.number).upper()
    if not number and before is not None and before.country == facts.country:
        return number_of(before)
    if not is_number(facts.country, number):
        raise Invalid(_("This cannot be a tax number of that country."), field="number")
    return number


def number_of(profile: TaxProfile) -> str:
    """This function will return the full tax number; whoever calls it keeps it out of pages and logs."""
    return open_text(profile.tin_ciphertext, context=profile.tin_key)


def _closed(before: TaxProfile, valid_from: date) -> date:
    starts = cast(date, before.valid.lower)  # a range of ours always has a first day
    if valid_from < starts:
        raise TaxRangeWrong(field="valid_from")
    is_replaced = valid_from == starts
    before.valid = DateRange(empty=True) if is_replaced else DateRange(starts, valid_from)
    before.save(update_fields=["valid"])
    return valid_from


def _profile(agent_id: UUID, facts: TaxFacts, number: str, *, starts: date, form: str, at: datetime) -> TaxProfile:
    profile_id = uuid7()
    context = f"tax_profile:{profile_id}"
    return TaxProfile.objects.create(
        id=profile_id,
        agent_id=agent_id,
        valid=DateRange(starts, None),
        country=facts.country,
        form=form or form_of(facts.country) or TaxForm.NONE,
        legal_name=facts.legal_name,
        address=facts.address,
        birth_date=facts.birth_date,
        tin_ciphertext=seal_text(number, context=context),
        tin_key=context,
        tin_last4=number[-4:],
        vat_id=facts.vat_id,
        created_at=at,
    )


@transaction.atomic
def move_tax_form(*, profile_id: UUID, form: str, by: OpsActor, at: datetime) -> TaxProfile:
    """This function will put an agent's income on another report: 1099-NEC or 1099-K is an adviser's question. Ops only.

    Raises:
        NotFound: no such tax data, or not ops.
    """
    rows = TaxProfile.objects.across_brands().select_for_update(of=("self",))
    profile: TaxProfile | None = rows.filter(pk=profile_id).first()
    if profile is None or not isinstance(by, OpsActor):
        raise NotFound
    before, profile.form = profile.form, form
    profile.save(update_fields=["form"])
    trail.record("payments.move_tax_form", profile, by=by, at=at, from_state=before, to_state=form)
    return profile


@transaction.atomic
def export_tax(*, form: str, tax_year: int, by: Actor, at: datetime, quarter: int | None = None) -> TaxExport:
    """This function will write the report of a year, or of a quarter of it, into an encrypted file with full tax numbers.

    Income counts on the day of the transfer. DAC7 comes by quarter, the others by year. A period that is not over is marked
    so in the file.

    Raises:
        NotAllowed: not ops.
        ThresholdUnknown: nobody has set from which income the form is due that year.
        NothingToReport: no income reaches the threshold.
    """
    if not (can_export_tax(by) and isinstance(by, OpsActor)):
        raise NotAllowed
    threshold = threshold_of(form, tax_year)
    if threshold is None:
        raise ThresholdUnknown(context={"form": form, "tax_year": tax_year})
    rows = _reported(form, income_of(tax_year, quarter=quarter), threshold)
    if not rows:
        raise NothingToReport(context={"form": form, "tax_year": tax_year})
    stamp = _stamp(period_of(tax_year, quarter)[1], at)
    export = _export(csv_bytes(tax_sheet(rows, form=form, tax_year=tax_year, stamp=stamp)), len(rows), by=by, at=at)
    export.form, export.tax_year, export.quarter = form, tax_year, quarter
    export.save(force_insert=True)
    changes = {"form": form, "tax_year": tax_year, "quarter": quarter, "rows": len(rows)}
    trail.record("payments.export_tax", export, by=by, at=at, changes=changes)
    return export


def _reported(form: str, income: Sequence[Income], threshold: TaxThreshold) -> list[Reported]:
    """By agent, whose whole year decides; then by quarter for DAC7, in one line for the others.

    Income in another currency than the threshold's is reported whatever its size: better told than guessed.
    """
    mine = [one for one in income if one.profile is not None and one.profile.form == form]
    totals: dict[tuple[UUID, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in mine:
        total = totals[one.agent_id, one.currency]
        total[0], total[1] = total[0] + one.gross_minor, total[1] + one.transactions
    due = {key for key, total in totals.items() if _is_due(key[1], total, threshold)}
    kept = [one for one in mine if (one.agent_id, one.currency) in due]
    return _lines(kept if form == TaxForm.DAC7 else _years(kept))


def _is_due(currency: str, total: list[int], threshold: TaxThreshold) -> bool:
    if currency != threshold.currency:
        return total[0] > 0
    return is_due(
        gross_minor=total[0],
        transactions=total[1],
        least_minor=threshold.amount_minor,
        least_transactions=threshold.transactions,
    )


def _years(income: Sequence[Income]) -> list[Income]:
    """The quarters of each agent, tax data and currency in one."""
    sums: dict[tuple[UUID, UUID, str], list[Income]] = defaultdict(list)
    for one in income:
        sums[one.agent_id, one.profile.pk if one.profile else one.agent_id, one.currency].append(one)
    return [
        Income(
            agent_id=agent_id,
            profile=parts[0].profile,
            quarter=0,
            currency=currency,
            gross_minor=sum(one.gross_minor for one in parts),
            fees_minor=sum(one.fees_minor for one in parts),
            withheld_minor=sum(one.withheld_minor for one in parts),
            transactions=sum(one.transactions for one in parts),
        )
        for (agent_id, _profile_id, currency), parts in sums.items()
    ]


def _lines(income: Sequence[Income]) -> list[Reported]:
    told = [_line(one, one.profile) for one in income if one.profile is not None]
    return sorted(told, key=lambda one: (one.legal_name, one.tax_number, one.quarter, one.currency))


def _line(one: Income, profile: TaxProfile) -> Reported:
    return Reported(
        legal_name=profile.legal_name,
        address=profile.address,
        country=profile.country,
        birth_date=profile.birth_date.isoformat() if profile.birth_date else "",
        tax_number=number_of(profile),
        vat_id=profile.vat_id,
        quarter=one.quarter,
        currency=one.currency,
        gross_minor=one.gross_minor,
        fees_minor=one.fees_minor,
        withheld_minor=one.withheld_minor,
        transactions=one.transactions,
    )


def _stamp(ends: datetime, at: datetime) -> str:
    marks = [SANDBOX] if settings.PAYMENTS_MODE != "live" else []
    if at < ends:
        marks.append(f"PARTIAL, paid before {at:%Y-%m-%d %H:%M} UTC")
    return "; ".join(marks)


def _export(plain: bytes, rows: int, *, by: OpsActor, at: datetime) -> TaxExport:
    export_id = uuid7()
    sealed = seal(plain, context=f"tax_export:{export_id}")
    return TaxExport(
        id=export_id,
        rows=rows,
        content=sealed.ciphertext,
        content_key=f"{sealed.kek_version}:{b64encode(sealed.wrapped_key).decode()}",
        sha256=digest(plain),
        made_by=by.user,
        made_at=at,
    )


@transaction.atomic
def open_tax_export(*, export_id: UUID, by: Actor, at: datetime) -> tuple[TaxExport, bytes]:
    """This function will open a file of tax data and write down who did. The caller has asked who they are again.

    Raises:
        NotFound: no such file, or not ops.
        DocumentAltered: what opens is not what was sealed.
    """
    export = tax_export_for(by, export_id)
    version, wrapped = export.content_key.split(":", 1)
    sealed = Sealed(bytes(export.content), b64decode(wrapped), version)
    plain = open_sealed(sealed, context=f"tax_export:{export.pk}")
    if digest(plain) != export.sha256:
        raise DocumentAltered
    trail.record("payments.open_tax_export", export, by=by, at=at)
    return export, plain
