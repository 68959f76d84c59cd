"""The double-entry books. Triggers in `0002_ledger_triggers` keep them append-only, balanced and complete."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Func, Q

from gigcx.kernel.ids import uuid7
from payments.states import JournalKind, OwnerKind


class TransactionNow(Func):
    """The start of the present transaction, as the database's clock has it."""

    template = "now()"
    output_field = models.DateTimeField()


class TransactionId(Func):
    """The present top-level transaction, the same inside savepoints (xmin is not)."""

    template = "pg_current_xact_id()"


class TransactionIdField(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """PostgreSQL's 64-bit transaction id."""

    def db_type(self, connection: Any) -> str:
        """This function will return the column's type."""
        return "xid8"


class Account(models.Model):
    """One owner's account of one kind and currency. Balances are debits minus credits."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    owner_kind = models.CharField(max_length=10, choices=OwnerKind.choices)
    owner_id = models.UUIDField()
    normal_side = models.SmallIntegerField()
    has_running_balance = models.BooleanField()
    may_go_negative = models.BooleanField()

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["code", "owner_kind", "owner_id", "currency"], name="account_one_per_owner_and_currency"
            ),
            models.UniqueConstraint(fields=["id", "currency", "owner_kind", "owner_id"], name="account_identity"),
            models.UniqueConstraint(fields=["id", "normal_side", "may_go_negative"], name="account_side"),
            models.CheckConstraint(condition=Q(normal_side__in=[1, -1]), name="account_normal_side"),
            models.CheckConstraint(condition=Q(owner_kind__in=OwnerKind.values), name="account_owner_kind"),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="account_currency"),
        )
        indexes = (models.Index(fields=["owner_kind", "owner_id"], name="account_by_owner"),)

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"


class Journal(models.Model):
    """One thing that happened to money, with `leg_count` entries."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=30, choices=JournalKind.choices)
    leg_count = models.PositiveSmallIntegerField()
    posting_key = models.CharField(max_length=160, unique=True)
    content_hash = models.CharField(max_length=64)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    recorded_xid = TransactionIdField(db_default=TransactionId(), editable=False)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    actor = models.CharField(max_length=80)
    reason = models.TextField(blank=True)

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(leg_count__gte=2), name="journal_two_legs"),
            models.CheckConstraint(condition=Q(kind__in=JournalKind.values), name="journal_kind"),
        )
        indexes = (
            models.Index(fields=["source_kind", "source_id"], name="journal_by_source"),
            models.Index(fields=["recorded_at"], name="journal_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.posting_key}"


class Entry(models.Model):
    """One leg: positive is a debit, negative a credit."""

    id = models.BigAutoField(primary_key=True)
    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries", db_index=False)
    # The foreign key is the composite one of 0002: account, currency and owner together.
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="entries", db_index=False, db_constraint=False
    )
    currency = models.CharField(max_length=3)
    owner_kind = models.CharField(max_length=10)
    owner_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    recorded_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    is_global: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "entries"
        constraints = (models.CheckConstraint(condition=~Q(amount_minor=0), name="entry_not_zero"),)
        indexes = (
            models.Index(fields=["journal"], name="entry_by_journal"),
            models.Index(fields=["account", "recorded_at"], name="entry_by_account"),
        )

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class Balance(models.Model):
    """The running balance of an agent's or a brand's account."""

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="running", db_constraint=False
    )
    amount_minor = models.BigIntegerField(default=0)
    version = models.PositiveBigIntegerField(default=0)
    normal_side = models.SmallIntegerField()
    may_go_negative = models.BooleanField()

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(may_go_negative=True)
                | Q(normal_side=1, amount_minor__gte=0)
                | Q(normal_side=-1, amount_minor__lte=0),
                name="balance_not_overdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount_minor}"


class BalanceSnapshot(models.Model):
    """The sum of a hot account's entries recorded before `as_of` (exclusive)."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="snapshots")
    as_of = models.DateTimeField()
    amount_minor = models.BigIntegerField()

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "as_of"], name="balance_snapshot_once"),)

    def __str__(self) -> str:
        return f"{self.amount_minor} before {self.as_of:%Y-%m-%d %H:%M}"
