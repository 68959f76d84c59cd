"""`manage.py verify_books`: proves that the books add up, and fails when they do not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from payments.ledger import trial_balance, verify_books


class Command(BaseCommand):
    """Checks every rule of the books."""

    help = "Prove that the books add up: every journal, balance, line, charge and payout."

    def handle(self, *args: Any, **options: Any) -> None:
        """This function will print what is wrong and fail, or say that all is well."""
        books = trial_balance()
        for currency, off in books.off_by.items():
            self.stdout.write(f"trial balance {currency}: {off}")
        findings = verify_books()
        for finding in findings:
            self.stderr.write(f"{finding.rule}: {finding.subject} {finding.detail}")
        if findings or not books.is_zero:
            raise CommandError(f"{len(findings)} findings")
        self.stdout.write("The books add up.")
