"""The development mailbox: mail is kept in the database and read on a page."""

from django.core.mail.backends.locmem import EmailBackend


class MailboxBackend(EmailBackend):
    """Keeps mail instead of sending it."""
