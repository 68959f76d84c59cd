"""What brands write: banks, questions, tests, certifications. Keys open for their authors, not here."""

from django.contrib import admin

from gigcx.web.admin_site import OpsModelAdmin
from vetting.models import (
    Assessment,
    AssessmentSection,
    AssessmentVersion,
    Certification,
    CertificationVersion,
    CutScore,
    Item,
    ItemBank,
    ItemVersion,
    Requirement,
    RequirementGroup,
)


@admin.register(ItemBank)
class ItemBankAdmin(OpsModelAdmin):
    """Banks."""

    list_display = ("name", "brand", "created_at")
    list_select_related = ("brand",)
    search_fields = ("name",)


@admin.register(Item)
class ItemAdmin(OpsModelAdmin):
    """Questions."""

    list_display = ("uid", "bank", "kind", "status", "created_at")
    list_filter = ("kind", "status")
    list_select_related = ("bank",)


@admin.register(ItemVersion)
class ItemVersionAdmin(OpsModelAdmin):
    """Versions of questions."""

    list_display = ("item", "n", "state", "points", "written_by", "reviewed_by", "published_at")
    list_filter = ("state",)
    list_select_related = ("item", "written_by", "reviewed_by")


@admin.register(Assessment)
class AssessmentAdmin(OpsModelAdmin):
    """Tests."""

    list_display = ("name", "brand", "created_at")
    list_select_related = ("brand",)
    search_fields = ("name",)


@admin.register(AssessmentVersion)
class AssessmentVersionAdmin(OpsModelAdmin):
    """Versions of tests."""

    list_display = ("assessment", "n", "state", "limit_seconds", "max_tries", "published_at")
    list_filter = ("state",)
    list_select_related = ("assessment",)


@admin.register(AssessmentSection)
class AssessmentSectionAdmin(OpsModelAdmin):
    """Parts of tests."""

    list_display = ("version", "position", "title", "bank", "draw")
    list_select_related = ("version", "bank")


@admin.register(CutScore)
class CutScoreAdmin(OpsModelAdmin):
    """Pass marks."""

    list_display = ("version", "n", "percent", "method", "approved_by", "approved_at")
    list_select_related = ("version", "approved_by")


@admin.register(Certification)
class CertificationAdmin(OpsModelAdmin):
    """Certifications."""

    list_display = ("name", "program", "brand", "role", "created_at")
    list_select_related = ("program", "brand")


@admin.register(CertificationVersion)
class CertificationVersionAdmin(OpsModelAdmin):
    """Versions of certifications."""

    list_display = ("certification", "n", "state", "change", "validity_months", "published_at", "grandfather_until")
    list_filter = ("state", "change")
    list_select_related = ("certification",)


@admin.register(Requirement)
class RequirementAdmin(OpsModelAdmin):
    """What a version asks for."""

    list_display = ("version", "position", "key", "kind", "title")
    list_filter = ("kind",)
    list_select_related = ("version",)


@admin.register(RequirementGroup)
class RequirementGroupAdmin(OpsModelAdmin):
    """Choices among requirements."""

    list_display = ("version", "key", "rule", "count")
    list_select_related = ("version",)
