"""What a program lacks in this stage's eyes before it goes public."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from recruiting.models import Program
from recruiting.registries import add_program_need
from vetting.queries import entry_certification, live_version


def register() -> None:
    """This function will keep programs private until somebody could be certified for them."""
    add_program_need("vetting.certification", missing_certification, page=certification_page)


def missing_certification(program: Program, at: datetime) -> str | None:
    """This function will say that no certification is in force, or return None where one is."""
    certification = entry_certification(program.pk)
    if certification is not None and live_version(certification) is not None:
        return None
    return _("No certification in force: nobody could be certified.")


def certification_page(program: Program) -> str:
    """This function will return where the program's certification is begun or published."""
    certification = entry_certification(program.pk)
    if certification is None:
        return reverse("vetting:certifications", kwargs={"slug": program.brand.slug})
    ids = {"slug": program.brand.slug, "certification_id": certification.pk}
    return reverse("vetting:certification", kwargs=ids)
