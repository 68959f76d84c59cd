"""Telling people, and sending what is to be sent."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import translation

from gigcx.accounts.models import User
from gigcx.audit import trail
from gigcx.audit.trail import Doer
from gigcx.kernel.errors import NotFound
from gigcx.notify import queries, quiet
from gigcx.notify.models import Channel, Letter, LetterState, Notification, Preference, QuietHours
from gigcx.notify.registries import Kind, LetterText, Message, kinds, letter_builder

logger = logging.getLogger(__name__)

BACK_OFF: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
LEASE: Final = timedelta(minutes=5)


class Telling(NamedTuple):
    """One fact being told: which kind, when it happened, and when it was heard."""

    kind: Kind
    event_id: UUID
    occurred_at: datetime
    at: datetime

    @property
    def stale_at(self) -> datetime:
        return self.occurred_at + self.kind.stale_after


@transaction.atomic
def notify_all(
    messages: Iterable[Message], *, kind_code: str, event_id: UUID, occurred_at: datetime, at: datetime
) -> int:
    """This function will tell each person once per fact and kind, and return how many were told now.

    The same fact handed over again changes nothing: the dedupe key is unique. A fact heard too late is shown in the app,
    and no letter is sent about it.
    """
    kind = kinds()[kind_code]
    told = Telling(kind, event_id, occurred_at, at)
    return sum(_notify(message, told) for message in messages)


@transaction.atomic
def queue_letter(kind: str, ref_id: UUID, *, run_at: datetime, stale_at: datetime, at: datetime) -> bool:
    """This function will queue one letter about one thing, once, and tell whether it is new."""
    letter = Letter(kind=kind, ref_id=ref_id, run_at=run_at, stale_at=stale_at, created_at=at)
    before = Letter.objects.filter(kind=kind, ref_id=ref_id).exists()
    Letter.objects.bulk_create([letter], ignore_conflicts=True)
    return not before


def drop_waiting_letters(*, at: datetime) -> int:
    """This function will drop every letter that waits, after a story was imported that happened long ago."""
    return Letter.objects.filter(state=LetterState.WAITING, created_at__lte=at).update(state=LetterState.DROPPED)


@transaction.atomic
def send_again(*, letter_id: UUID, by: Doer, at: datetime) -> Letter:
    """This function will make a failed letter due again. Raises NotFound when it is not failed (any more)."""
    letter = Letter.objects.select_for_update().filter(pk=letter_id, state=LetterState.FAILED).first()
    if letter is None:
        raise NotFound
    letter.state, letter.tries, letter.run_at = LetterState.WAITING, 0, at
    letter.save(update_fields=["state", "tries", "run_at"])
    trail.record("notify.send_again", letter, by=by, at=at, from_state=LetterState.FAILED, to_state=letter.state)
    return letter


def send_due_letters(*, at: datetime, limit: int = 100) -> int:
    """This function will send what is due and return how many letters went out.

    Each letter is leased for five minutes before it is sent, outside any transaction; a sender that dies leaves it to the
    next one. Two senders never hold the same letter.
    """
    sent = 0
    for letter in _lease(at, limit):
        sent += _send(letter, at)
    return sent


@transaction.atomic
def mark_read(*, user: User, notification_id: UUID, at: datetime) -> Notification:
    """This function will mark one of the person's notifications as read. Raises NotFound for anybody else's."""
    notification = queries.notification_for(user, notification_id)
    if notification.read_at is None:
        notification.read_at = at
        notification.save(update_fields=["read_at"])
    return notification


def mark_all_read(*, user: User, at: datetime) -> int:
    """This function will mark everything the person was told as read and return how many were not."""
    return queries.unread(user).update(read_at=at)


@transaction.atomic
def set_preferences(*, user: User, wishes: Mapping[tuple[str, str], bool]) -> None:
    """This function will keep a person's wishes by kind and channel; mandatory kinds cannot be switched off."""
    rows = [
        Preference(user=user, kind=code, channel=channel, is_on=is_on)
        for (code, channel), is_on in wishes.items()
        if code in kinds() and not kinds()[code].is_mandatory
    ]
    Preference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "kind", "channel"], update_fields=["is_on"]
    )


def set_quiet_hours(*, user: User, starts_on_clock: time, ends_on_clock: time) -> QuietHours:
    """This function will keep when the person is not to be written to; equal ends mean never quiet."""
    hours, _is_new = QuietHours.objects.update_or_create(
        user=user, defaults={"starts_on_clock": starts_on_clock, "ends_on_clock": ends_on_clock}
    )
    return hours


def _notify(message: Message, told: Telling) -> int:
    user = User.objects.filter(pk=message.user_id, is_active=True).first()
    key = f"{told.event_id}:{told.kind.code}:{message.user_id}"
    if user is None or Notification.objects.filter(dedupe_key=key).exists():
        return 0
    wishes = queries.wishes_of(user, told.kind)
    notification = Notification(
        user=user,
        kind=told.kind.code,
        brand_id=message.brand_id,
        payload=_in_their_language(message, user),
        dedupe_key=key,
        is_in_app=wishes[Channel.APP],
        created_at=told.occurred_at,
    )
    Notification.objects.bulk_create([notification], ignore_conflicts=True)
    if wishes[Channel.EMAIL] and told.stale_at > told.at:
        _queue_letter_of(Notification.objects.get(dedupe_key=key), user, told)
    return 1


def _queue_letter_of(notification: Notification, user: User, told: Telling) -> None:
    hours = queries.quiet_hours_of(user)
    run_at = told.at if told.kind.is_urgent else quiet.next_waking(told.at, hours, user.timezone)
    stale_at = max(told.stale_at, run_at + timedelta(hours=1)) if run_at > told.at else told.stale_at
    queue_letter("notification", notification.pk, run_at=run_at, stale_at=stale_at, at=told.at)


def _in_their_language(message: Message, user: User) -> dict[str, str]:
    with translation.override(user.locale):
        return {
            "title": str(message.title),
            "text": str(message.text),
            "url": message.url,
            "label": str(message.label),
        }


@transaction.atomic
def _lease(at: datetime, limit: int) -> list[Letter]:
    rows = Letter.objects.filter(state=LetterState.WAITING, run_at__lte=at).order_by("run_at", "id")
    leased = list(rows.select_for_update(skip_locked=True)[:limit])
    for letter in leased:
        letter.tries += 1
        letter.run_at = at + LEASE
    Letter.objects.bulk_update(leased, ["tries", "run_at"])
    return leased


def _send(letter: Letter, at: datetime) -> int:
    if letter.stale_at <= at:
        return _settle(letter, LetterState.DROPPED)
    words = letter_builder(letter.kind)(letter.ref_id, at)
    if words is None:
        return _settle(letter, LetterState.DROPPED)
    try:
        _hand_over(words, letter.pk)
    except OSError as refused:  # smtplib's errors derive from it, like those of the network
        return _try_later(letter, refused, at)
    letter.sent_at = at
    _settle(letter, LetterState.SENT)
    return 1


def _hand_over(words: LetterText, letter_id: UUID) -> None:
    mail = EmailMultiAlternatives(
        words.subject,
        words.text,
        to=[words.to],
        headers={"Message-ID": f"<{letter_id}@gigcx>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(words.html, "text/html")
    mail.send()


def _settle(letter: Letter, state: LetterState) -> int:
    letter.state = state
    letter.save(update_fields=["state", "sent_at"])
    return 0


def _try_later(letter: Letter, refused: OSError, at: datetime) -> int:
    is_last = letter.tries > len(BACK_OFF)
    letter.state = LetterState.FAILED if is_last else LetterState.WAITING
    letter.run_at = at if is_last else at + BACK_OFF[letter.tries - 1]
    letter.error = type(refused).__name__
    letter.save(update_fields=["state", "run_at", "error"])
    logger.warning("letter not sent", extra={"kind": letter.kind, "tries": letter.tries, "error": letter.error})
    return 0
