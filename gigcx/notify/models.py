"""Notifications, who wants which, quiet hours, outgoing letters, and the development mailbox."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.models import Brand


class Channel(models.TextChoices):
    APP = "app", _("In the app")
    EMAIL = "email", _("By e-mail")


class LetterState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("Dropped")
    FAILED = "failed", _("Failed")


class Notification(models.Model):
    """One thing one person was told. `payload` holds title, text, url and label in that person's language.

    `dedupe_key` is unique: told once, however often the fact is handed over.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="+")
    payload = models.JSONField()
    dedupe_key = models.CharField(max_length=200, unique=True)
    is_in_app = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    is_global: ClassVar[bool] = True

    class Meta:
        indexes = (
            models.Index(fields=["user", "-created_at"], name="notification_inbox", condition=Q(is_in_app=True)),
            models.Index(
                fields=["user"], name="notification_unread", condition=Q(is_in_app=True, read_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.kind


class Preference(models.Model):
    """A person's wish for one kind on one channel; without a row the kind's own default holds."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    is_on = models.BooleanField()

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"


class QuietHours(models.Model):
    """When a person is not to be written to, on their own clock. Equal ends mean never quiet."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="quiet_hours"
    )
    starts_on_clock = models.TimeField(default=time(22))
    ends_on_clock = models.TimeField(default=time(7))

    is_global: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.starts_on_clock:%H:%M}-{self.ends_on_clock:%H:%M}"


class Letter(models.Model):
    """An e-mail to send. Its words are made when it is sent, from the thing it is about, and kept nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    ref_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.WAITING)
    run_at = models.DateTimeField()
    stale_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "ref_id"], name="letter_once"),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letter_state"),
            models.CheckConstraint(
                condition=Q(state=LetterState.SENT, sent_at__isnull=False)
                | (~Q(state=LetterState.SENT) & Q(sent_at__isnull=True)),
                name="letter_sent_pair",
            ),
        )
        indexes = (models.Index(fields=["run_at", "id"], name="letter_due", condition=Q(state="waiting")),)

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class MailboxMessage(models.Model):
    """A mail that the development mailbox kept instead of sending it."""

    id = models.BigAutoField(primary_key=True)
    to = models.TextField()
    subject = models.TextField()
    text = models.TextField()
    html = models.TextField(blank=True)
    arrived_at = models.DateTimeField()

    is_global: ClassVar[bool] = True

    def __str__(self) -> str:
        return self.subject
