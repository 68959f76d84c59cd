"""An enrolment that was closed says why."""

from django.db import migrations, models
from django.db.models import Q

CAUSES = [
    ("withdrawn", "The agent left the program"),
    ("brand_ended", "The brand ended the engagement"),
    ("program_closed", "The program closed"),
    ("agent_closed", "The agent closed their account"),
    ("course_closed", "The course closed"),
]


class Migration(migrations.Migration):
    dependencies = [("training", "0002_frozen_versions")]
    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="closing_cause",
            field=models.CharField(blank=True, choices=CAUSES, default="", max_length=16),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=Q(state="closed", closing_cause__in=[code for code, _label in CAUSES])
                | (~Q(state="closed") & Q(closing_cause="")),
                name="enrolment_closing_cause",
            ),
        ),
    ]
