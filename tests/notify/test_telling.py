"""Who hears what: once, in their language, where they want it, when they are awake, and not when it is too late."""

import smtplib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from gigcx.audit import dispatcher, outbox
from gigcx.audit.models import Delivery
from gigcx.audit.outbox import publish
from gigcx.kernel.errors import NotFound
from gigcx.kernel.events import Event
from gigcx.notify import actions, queries, registries
from gigcx.notify.models import Letter, LetterState, MailboxMessage, Notification
from gigcx.notify.quiet import Hours, is_quiet, next_waking
from gigcx.notify.registries import Kind, Message, Reach, kind, tell
from gigcx.tenancy import actions as tenancy
from gigcx.tenancy.actors import BrandActor, OpsActor, PersonActor
from gigcx.tenancy.roles import Permission
from tests import cast
from tests.factories.recruiting import make_agent

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class CakeBaked(Event):
    type = "notify_tests.cake_baked"
    user_id: UUID


@pytest.fixture
def cake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cakes are told: the everyday kind, and an urgent one."""
    monkeypatch.setattr(outbox, "_listeners", {})
    monkeypatch.setattr(registries, "_kinds", {})
    kind(Kind("cake", gettext_lazy("Cake"), stale_after=timedelta(hours=12), reaches=Reach.EVERYBODY))
    tell(CakeBaked, "cake", lambda fact, delivered: [Message(fact.user_id, "A cake for you", "Still warm.", "/start/")])


def bake(person: PersonActor, at: datetime, heard_after: timedelta = timedelta(0)) -> None:
    publish(CakeBaked(user_id=person.user.pk), at=at)
    dispatcher.dispatch_due(at=at + heard_after)


def html_of(letter: mail.EmailMessage) -> str:
    assert isinstance(letter, mail.EmailMultiAlternatives)
    return str(letter.alternatives[0][0])


def test_a_person_is_told_once_however_often_the_fact_is_handed_over(
    cake: None, mallory: PersonActor, at: datetime
) -> None:
    bake(mallory, at)
    Delivery.objects.update(state=Delivery.State.WAITING)
    dispatcher.dispatch_due(at=at)
    assert Notification.objects.get().payload["title"] == "A cake for you"
    assert Letter.objects.count() == 1
    assert queries.unread_count(mallory.user) == 1


def test_the_letter_carries_text_and_html_and_is_sent_once(
    cake: None, mallory: PersonActor, at: datetime, settings: Settings
) -> None:
    settings.SITE_URL = "https://gigcx.test"
    bake(mallory, at)
    assert actions.send_due_letters(at=at) == 1
    assert actions.send_due_letters(at=at + timedelta(hours=1)) == 0
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["mallory@example.test"], "A cake for you")
    assert "Still warm." in str(letter.body)
    assert "https://gigcx.test/start/" in str(letter.body)
    html = html_of(letter)
    assert '<a class="act" href="https://gigcx.test/start/">' in html
    assert Letter.objects.get().state == LetterState.SENT


def test_names_and_words_of_others_are_escaped_in_a_letter(mallory: PersonActor, at: datetime) -> None:
    brand = tenancy.found_brand(
        name="<script>alert(1)</script>", legal_name="x", country="US", currency="USD", timezone="UTC",
        by=mallory, at=at,
    )  # fmt: skip
    tenancy.invite_member(email="ben@example.test", role="viewer", by=BrandActor(mallory.user, brand, "owner"), at=at)
    dispatcher.dispatch_due(at=at)
    actions.send_due_letters(at=at)
    (letter,) = mail.outbox
    assert "<script>" not in html_of(letter)
    assert "\n" not in letter.subject


def test_an_everyday_letter_waits_for_the_morning_of_the_person(cake: None, at: datetime) -> None:
    night_owl = PersonActor(cast.make_user("Nia Night", timezone="Asia/Tokyo"))
    bake(night_owl, at + timedelta(hours=3))  # midnight in Tokyo
    assert actions.send_due_letters(at=at + timedelta(hours=9, minutes=59)) == 0
    assert actions.send_due_letters(at=at + timedelta(hours=10)) == 1  # 7:00 in Tokyo


def test_an_urgent_letter_passes_quiet_hours(cake: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    kind(Kind("cake", "Cake", is_urgent=True))
    night_owl = PersonActor(cast.make_user("Nia Night", timezone="Asia/Tokyo"))
    bake(night_owl, at + timedelta(hours=3))
    assert actions.send_due_letters(at=at + timedelta(hours=3)) == 1


def test_a_fact_heard_too_late_is_shown_and_not_sent(cake: None, mallory: PersonActor, at: datetime) -> None:
    bake(mallory, at, heard_after=timedelta(hours=13))
    assert Notification.objects.get().created_at == at
    assert not Letter.objects.exists()


def test_a_letter_that_waited_too_long_is_dropped(cake: None, mallory: PersonActor, at: datetime) -> None:
    bake(mallory, at)
    actions.send_due_letters(at=at + timedelta(hours=13))
    assert Letter.objects.get().state == LetterState.DROPPED
    assert mail.outbox == []


def test_what_was_read_in_the_app_is_not_sent(cake: None, mallory: PersonActor, at: datetime) -> None:
    bake(mallory, at)
    actions.mark_all_read(user=mallory.user, at=at)
    actions.send_due_letters(at=at)
    assert mail.outbox == []


def test_a_person_switches_a_kind_off_by_channel(cake: None, mallory: PersonActor, at: datetime) -> None:
    actions.set_preferences(user=mallory.user, wishes={("cake", "email"): False})
    bake(mallory, at)
    assert not Letter.objects.exists()
    assert queries.unread_count(mallory.user) == 1
    actions.set_preferences(user=mallory.user, wishes={("cake", "app"): False, ("cake", "email"): True})
    bake(mallory, at + timedelta(minutes=1))
    assert Letter.objects.count() == 1
    assert queries.unread_count(mallory.user) == 1


def test_a_mandatory_kind_cannot_be_switched_off(cake: None, mallory: PersonActor, at: datetime) -> None:
    kind(Kind("cake", "Cake", is_mandatory=True))
    actions.set_preferences(user=mallory.user, wishes={("cake", "email"): False, ("cake", "app"): False})
    bake(mallory, at)
    assert Letter.objects.count() == 1
    assert queries.unread_count(mallory.user) == 1


def test_somebody_locked_out_is_told_nothing(cake: None, mallory: PersonActor, at: datetime) -> None:
    type(mallory.user).objects.update(is_active=False)
    bake(mallory, at)
    assert not Notification.objects.exists()


def test_a_mail_server_that_refuses_is_tried_again_later_and_later_and_then_ops_see_it(
    cake: None, mallory: PersonActor, at: datetime, settings: Settings, olu: OpsActor
) -> None:
    settings.EMAIL_BACKEND = "tests.notify.refusing.RefusingBackend"
    kind(Kind("cake", "Cake", is_urgent=True, stale_after=timedelta(days=30)))
    bake(mallory, at)
    moments = [at]
    while Letter.objects.get().state == LetterState.WAITING:
        actions.send_due_letters(at=moments[-1])
        moments.append(Letter.objects.get().run_at)
    gaps = [int((later - earlier).total_seconds() // 60) for earlier, later in pairwise(moments)]
    assert gaps[:5] == [1, 5, 30, 120, 360]
    letter = Letter.objects.get()
    assert (letter.state, letter.error) == (LetterState.FAILED, smtplib.SMTPServerDisconnected.__name__)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    actions.send_again(letter_id=letter.pk, by=olu, at=moments[-1])
    assert actions.send_due_letters(at=moments[-1]) == 1
    with pytest.raises(NotFound):
        actions.send_again(letter_id=letter.pk, by=olu, at=moments[-1])


def test_a_sender_that_died_leaves_its_letter_to_the_next(cake: None, mallory: PersonActor, at: datetime) -> None:
    bake(mallory, at)
    actions._lease(at, 10)  # and then it dies
    assert actions.send_due_letters(at=at + timedelta(minutes=4)) == 0
    assert actions.send_due_letters(at=at + timedelta(minutes=6)) == 1


def test_owners_hear_that_their_account_is_open(mallory: PersonActor, olu: OpsActor, at: datetime) -> None:
    brand = tenancy.found_brand(
        name="Alder", legal_name="Alder Inc.", country="US", currency="USD", timezone="UTC", by=mallory, at=at
    )
    tenancy.approve_brand(brand_id=brand.pk, by=olu, at=at)
    dispatcher.dispatch_due(at=at)
    told = Notification.objects.get()
    assert (told.user, told.brand_id, told.payload["title"]) == (mallory.user, brand.pk, "Your account is open")


def test_owners_hear_why_their_account_was_declined_and_others_do_not(
    mallory: PersonActor, globex_owner: BrandActor, olu: OpsActor, at: datetime
) -> None:
    brand = tenancy.found_brand(
        name="Alder", legal_name="Alder Inc.", country="US", currency="USD", timezone="UTC", by=mallory, at=at
    )
    cast.make_member(brand, "Vic Viewer", "viewer")
    tenancy.decline_brand(brand_id=brand.pk, reason="No register entry.", by=olu, at=at)
    dispatcher.dispatch_due(at=at)
    assert [(told.user, told.payload["text"]) for told in Notification.objects.all()] == [
        (mallory.user, "No register entry.")
    ]


# In the browser -----------------------------------------------------------------------------------------------------


def test_the_bell_leads_to_what_it_is_about_and_is_then_read(
    client: Client, cake: None, mallory: PersonActor, at: datetime
) -> None:
    bake(mallory, at)
    client.force_login(mallory.user)
    page = client.get("/notifications/").content.decode()
    assert "A cake for you" in page
    assert "Notifications, 1 unread" in page
    answer = client.get(f"/notifications/{Notification.objects.get().pk}/")
    assert answer["Location"] == "/start/"
    assert queries.unread_count(mallory.user) == 0


def test_nobody_opens_or_reads_somebody_elses_notification(
    client: Client, cake: None, mallory: PersonActor, acme_owner: BrandActor, at: datetime
) -> None:
    bake(mallory, at)
    client.force_login(acme_owner.user)
    assert client.get(f"/notifications/{Notification.objects.get().pk}/").status_code == 404
    assert "cake" not in client.get("/notifications/").content.decode()
    client.post("/notifications/read/")
    assert queries.unread_count(mallory.user) == 1


@pytest.mark.parametrize("url", ["https://evil.test/", "//evil.test/", "javascript:alert(1)"])
def test_a_notification_never_leads_elsewhere(
    client: Client, cake: None, mallory: PersonActor, at: datetime, url: str
) -> None:
    bake(mallory, at)
    told = Notification.objects.get()
    Notification.objects.update(payload={**told.payload, "url": url})
    client.force_login(mallory.user)
    assert client.get(f"/notifications/{told.pk}/")["Location"] == "/notifications/"


def test_preferences_and_quiet_hours_are_kept(client: Client, cake: None, mallory: PersonActor) -> None:
    client.force_login(mallory.user)
    answer = client.post("/notifications/settings/", {"wanted": ["cake:app"], "starts": "20:00", "ends": "06:00"})
    assert answer.status_code == 302
    assert queries.all_wishes_of(mallory.user) == {("cake", "app"): True, ("cake", "email"): False}
    assert queries.quiet_hours_of(mallory.user) == Hours(time(20), time(6))
    wrong = client.post("/notifications/settings/", {"starts": "25:00", "ends": "06:00"})
    assert wrong.status_code == 422


def test_the_bell_page_asks_as_many_queries_for_three_as_for_one(
    client: Client, cake: None, mallory: PersonActor, at: datetime
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(mallory.user)
    client.get("/notifications/")
    counts = []
    for extra in (1, 2):
        for number in range(extra):
            bake(mallory, at + timedelta(minutes=10 * extra + number))
        with CaptureQueriesContext(connection) as asked:
            client.get("/notifications/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_the_mailbox_exists_only_where_mail_is_kept(client: Client, settings: Settings) -> None:
    assert client.get("/mailbox/").status_code == 404
    settings.EMAIL_BACKEND = "gigcx.notify.mailbox.MailboxBackend"
    mail.send_mail(
        "Hello <b>", "See https://gigcx.test/x?a=1&b=2 <script>alert(1)</script>", None, ["ada@example.test"]
    )
    page = client.get("/mailbox/?to=ada").content.decode()
    assert "Hello &lt;b&gt;" in page
    shown = client.get(f"/mailbox/{MailboxMessage.objects.get().pk}/").content.decode()
    assert '<a href="https://gigcx.test/x?a=1&amp;b=2"' in shown
    assert "<script>alert" not in shown
    assert "Hello" not in client.get("/mailbox/?to=bo").content.decode()


# Quiet hours --------------------------------------------------------------------------------------------------------

clocks = st.times().map(lambda one: one.replace(microsecond=0))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  st adds it
zones = st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"])


@given(moments, clocks, clocks, zones)
def test_the_next_waking_moment_is_awake_and_within_a_day(at: datetime, starts: time, ends: time, zone: str) -> None:
    hours = Hours(starts, ends)
    waking = next_waking(at, hours, zone)
    assert at <= waking <= at + timedelta(hours=25)
    assert (waking == at) == (not is_quiet(at, hours, zone))


@given(moments, clocks, zones)
def test_equal_ends_are_never_quiet(at: datetime, clock: time, zone: str) -> None:
    assert not is_quiet(at, Hours(clock, clock), zone)


def test_an_unknown_zone_counts_as_utc() -> None:
    assert is_quiet(datetime(2026, 1, 1, 23, tzinfo=UTC), Hours(time(22), time(7)), "Mars/Olympus")


def test_people_choose_only_among_kinds_that_can_reach_them(
    client: Client, acme_owner: BrandActor, mallory: PersonActor, olu: OpsActor, cake: None
) -> None:
    kind(Kind("oven", gettext_lazy("Ovens"), reaches=Reach.OPS))
    kind(Kind("shift", gettext_lazy("Shifts"), reaches=Reach.AGENTS))
    kind(Kind("bill", gettext_lazy("Bills"), reaches=Permission.MANAGE_BILLING))
    viewer = cast.make_member(acme_owner.brand, "Vic Viewer", "viewer").user
    ada = make_agent("Ada Obi").user
    for user, labels in (
        (mallory.user, {"Cake"}),
        (viewer, {"Cake"}),
        (acme_owner.user, {"Cake", "Bills"}),
        (olu.user, {"Cake", "Ovens"}),
        (ada, {"Cake", "Shifts"}),
    ):
        client.force_login(user)
        page = client.get("/notifications/settings/").content.decode()
        assert {label for label in ("Cake", "Ovens", "Shifts", "Bills") if f">{label}<" in page} == labels


def test_saving_leaves_the_wishes_about_other_hats_alone(client: Client, acme_owner: BrandActor, cake: None) -> None:
    kind(Kind("shift", gettext_lazy("Shifts"), reaches=Reach.AGENTS))
    client.force_login(acme_owner.user)
    client.post("/notifications/settings/", {"wanted": ["cake:app"], "starts": "20:00", "ends": "06:00"})
    assert set(queries.all_wishes_of(acme_owner.user)) == {("cake", "app"), ("cake", "email")}


def test_somebody_whom_nothing_reaches_reads_why_the_list_is_empty(
    client: Client, mallory: PersonActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registries, "_kinds", {})
    client.force_login(mallory.user)
    assert "it appears once you work or join a brand" in client.get("/notifications/settings/").content.decode()
