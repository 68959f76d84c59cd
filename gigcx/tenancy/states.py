"""The life of a brand's account."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.states import moves


class BrandState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    INFO_NEEDED = "info_needed", _("Information needed")
    DECLINED = "declined", _("Declined")
    ACTIVE = "active", _("Active")
    PAST_DUE = "past_due", _("Past due")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Closed")


BRAND_MOVES = moves(
    {
        BrandState.DRAFT: [BrandState.IN_REVIEW, BrandState.CLOSED],
        BrandState.IN_REVIEW: [BrandState.ACTIVE, BrandState.INFO_NEEDED, BrandState.DECLINED],
        BrandState.INFO_NEEDED: [BrandState.IN_REVIEW, BrandState.CLOSED],
        BrandState.DECLINED: [BrandState.IN_REVIEW],
        BrandState.ACTIVE: [BrandState.PAST_DUE, BrandState.SUSPENDED, BrandState.CLOSED],
        BrandState.PAST_DUE: [BrandState.ACTIVE, BrandState.SUSPENDED],
        BrandState.SUSPENDED: [BrandState.ACTIVE, BrandState.CLOSED],
    }
)
