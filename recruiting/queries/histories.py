"""The history of a program with that of its prices and terms."""

from django.db.models import Q, QuerySet

from gigcx.audit.models import AuditEntry
from recruiting.models import Program, RateCard, TermsVersion


def program_history(program: Program) -> QuerySet[AuditEntry]:
    """This function will return the lines about a program, its prices and its terms, oldest first.

    Callers check who may see the program.
    """
    cards = RateCard.objects.for_brand(program.brand_id).filter(program=program)
    terms = TermsVersion.objects.for_brand(program.brand_id).filter(program=program)
    about = (
        Q(subject_type=Program._meta.label_lower, subject_id=program.pk)
        | Q(subject_type=RateCard._meta.label_lower, subject_id__in=cards.order_by().values("pk"))
        | Q(subject_type=TermsVersion._meta.label_lower, subject_id__in=terms.order_by().values("pk"))
    )
    return AuditEntry.objects.filter(about).order_by("at", "id")
