"""Where ops look at runs of auto-fill."""

from django.contrib import admin

from gigcx.web.admin_site import OpsModelAdmin
from scheduling.models import AssignmentRun


@admin.register(AssignmentRun)
class AssignmentRunAdmin(OpsModelAdmin):
    """Plans: what they picked, how good they are, why seats stay empty."""

    list_display = ("request", "brand", "state", "created_at", "solved_at", "applied_at")
    list_filter = ("state",)
    search_fields = ("request__number",)
    list_select_related = ("request", "brand")
    date_hierarchy = "created_at"
