"""Two more reasons to learn: the rest of a course that was closed, and reading again what was finished."""

from django.db import migrations, models
from django.db.models import Q

REASONS = [
    ("first", "First time"),
    ("forced_update", "The brand changed the course"),
    ("renewal", "Renewal"),
    ("rest", "The rest of a course that was closed before"),
    ("repeat", "Reading it again, unpaid"),
]
CODES = [code for code, _label in REASONS]


def reason_column(**more):
    return models.CharField(choices=REASONS, max_length=16, **more)


class Migration(migrations.Migration):
    dependencies = [("training", "0003_closing_cause")]
    operations = [
        migrations.RemoveConstraint(model_name="enrolment", name="enrolment_reason"),
        migrations.RemoveConstraint(model_name="trainingtime", name="training_time_reason"),
        migrations.AlterField(model_name="enrolment", name="reason", field=reason_column(default="first")),
        migrations.AlterField(model_name="trainingtime", name="reason", field=reason_column()),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(condition=Q(reason__in=CODES), name="enrolment_reason"),
        ),
        migrations.AddConstraint(
            model_name="trainingtime",
            constraint=models.CheckConstraint(condition=Q(reason__in=CODES), name="training_time_reason"),
        ),
    ]
