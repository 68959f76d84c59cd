"""The development mailbox: mail is kept in the database and read on a page, because there is no mail server."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from gigcx.kernel import clock
from gigcx.notify.models import MailboxMessage

_KEPT = 500


class MailboxBackend(BaseEmailBackend):
    """Keeps the newest mails instead of sending them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """This function will keep the mails and return how many."""
        rows = [_row(mail) for mail in email_messages]
        MailboxMessage.objects.bulk_create(rows)
        newest = MailboxMessage.objects.order_by("-pk").values_list("pk", flat=True)[:_KEPT]
        MailboxMessage.objects.exclude(pk__in=list(newest)).delete()
        return len(rows)


def _row(mail: EmailMessage) -> MailboxMessage:
    alternatives = mail.alternatives if isinstance(mail, EmailMultiAlternatives) else []
    html = next((str(one[0]) for one in alternatives if one[1] == "text/html"), "")
    return MailboxMessage(
        to=", ".join(mail.to), subject=str(mail.subject), text=str(mail.body), html=html, arrived_at=clock.now()
    )
