"""Inviting, joining, roles and leaving; the link works once, for the address it was sent to."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from gigcx.audit import dispatcher
from gigcx.audit.models import OutboxEvent
from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound
from gigcx.notify.actions import send_due_letters
from gigcx.tenancy import actions
from gigcx.tenancy.actors import BrandActor, PersonActor
from gigcx.tenancy.errors import AlreadyMember, InvitationForSomebodyElse, InvitationSpent, LastOwner
from gigcx.tenancy.models import ApiKey, Brand, MemberInvitation, Membership
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben(db: None) -> PersonActor:
    return PersonActor(cast.make_user("Ben Newcomer"))


def invite(owner: BrandActor, at: datetime, email: str = "ben@example.test", role: str = "planner") -> str:
    return actions.token_of(actions.invite_member(email=email, role=role, by=owner, at=at).pk)


def test_an_invited_person_joins_with_the_role(acme_owner: BrandActor, ben: PersonActor, at: datetime) -> None:
    member = actions.accept_member_invitation(token=invite(acme_owner, at), by=ben, at=at)
    assert (member.brand_id, member.user, member.role) == (acme_owner.brand_id, ben.user, "planner")
    assert OutboxEvent.objects.filter(type="tenancy.member_joined").exists()


def test_the_link_works_once(acme_owner: BrandActor, ben: PersonActor, at: datetime) -> None:
    token = invite(acme_owner, at)
    actions.accept_member_invitation(token=token, by=ben, at=at)
    with pytest.raises(InvitationSpent):
        actions.accept_member_invitation(token=token, by=ben, at=at)


def test_the_link_works_for_fourteen_days(acme_owner: BrandActor, ben: PersonActor, at: datetime) -> None:
    token = invite(acme_owner, at)
    with pytest.raises(InvitationSpent):
        actions.accept_member_invitation(token=token, by=ben, at=at + timedelta(days=14))
    actions.accept_member_invitation(token=token, by=ben, at=at + timedelta(days=14, seconds=-1))


def test_the_link_is_for_its_address_alone(acme_owner: BrandActor, mallory: PersonActor, at: datetime) -> None:
    with pytest.raises(InvitationForSomebodyElse):
        actions.accept_member_invitation(token=invite(acme_owner, at), by=mallory, at=at)
    assert not Membership.objects.filter(user=mallory.user).exists()


def test_an_address_that_is_not_verified_opens_nothing(acme_owner: BrandActor, ben: PersonActor, at: datetime) -> None:
    ben.user.emailaddress_set.update(verified=False)  # type: ignore[attr-defined]
    with pytest.raises(InvitationForSomebodyElse):
        actions.accept_member_invitation(token=invite(acme_owner, at), by=ben, at=at)


def test_a_second_invitation_ends_the_first(acme_owner: BrandActor, ben: PersonActor, at: datetime) -> None:
    first, second = invite(acme_owner, at), invite(acme_owner, at)
    with pytest.raises(InvitationSpent):
        actions.accept_member_invitation(token=first, by=ben, at=at)
    actions.accept_member_invitation(token=second, by=ben, at=at)


def test_the_token_is_kept_nowhere(acme_owner: BrandActor, at: datetime) -> None:
    token = invite(acme_owner, at)
    assert len(token) == 43
    assert token not in str(list(MemberInvitation.objects.for_actor(acme_owner).values()))
    assert token not in str(list(OutboxEvent.objects.values()))


def test_a_member_is_not_invited_again(acme_owner: BrandActor, at: datetime) -> None:
    with pytest.raises(AlreadyMember):
        invite(acme_owner, at, email="APRIL@example.test")


def test_an_unknown_role_is_refused(acme_owner: BrandActor, at: datetime) -> None:
    with pytest.raises(Invalid):
        invite(acme_owner, at, role="emperor")


def test_a_planner_invites_nobody(acme: Brand, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        invite(cast.make_member(acme, "Pia Planner", "planner"), at)


def test_another_brands_owner_touches_neither_members_nor_invitations(
    acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    invitation = actions.invite_member(email="ben@example.test", role="viewer", by=acme_owner, at=at)
    member = Membership.objects.get(user=acme_owner.user)
    attempts: list[Any] = [
        lambda: actions.withdraw_invitation(invitation_id=invitation.pk, by=globex_owner, at=at),
        lambda: actions.change_role(membership_id=member.pk, role="viewer", by=globex_owner, at=at),
        lambda: actions.remove_member(membership_id=member.pk, by=globex_owner, at=at),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()


def test_the_last_owner_stays(acme_owner: BrandActor, at: datetime) -> None:
    own = Membership.objects.get(user=acme_owner.user)
    with pytest.raises(LastOwner):
        actions.remove_member(membership_id=own.pk, by=acme_owner, at=at)
    with pytest.raises(LastOwner):
        actions.change_role(membership_id=own.pk, role="viewer", by=acme_owner, at=at)
    cast.make_member(acme_owner.brand, "Otto Acme")
    actions.remove_member(membership_id=own.pk, by=acme_owner, at=at)


def test_a_viewer_may_leave_but_remove_nobody(acme_owner: BrandActor, at: datetime) -> None:
    viewer = cast.make_member(acme_owner.brand, "Vic Acme", "viewer")
    planner = cast.make_member(acme_owner.brand, "Pia Acme", "planner")
    with pytest.raises(NotAllowed):
        actions.remove_member(membership_id=Membership.objects.get(user=planner.user).pk, by=viewer, at=at)
    actions.remove_member(membership_id=Membership.objects.get(user=viewer.user).pk, by=viewer, at=at)
    assert not Membership.objects.filter(user=viewer.user).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_at_once_leave_one(acme_owner: BrandActor, at: datetime) -> None:
    other = cast.make_member(acme_owner.brand, "Otto Acme")
    start, answers = threading.Barrier(2), []

    def remove(by: BrandActor, whom: BrandActor) -> None:
        start.wait()
        try:
            actions.remove_member(membership_id=Membership.objects.get(user=whom.user).pk, by=by, at=at)
            answers.append("removed")
        except (LastOwner, Membership.DoesNotExist) as refused:
            answers.append(type(refused).__name__)
        finally:
            connection.close()

    pairs = [(acme_owner, other), (other, acme_owner)]
    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) in (["LastOwner", "removed"], ["DoesNotExist", "removed"])
    assert Membership.objects.filter(brand=acme_owner.brand, role="owner").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_link_used_twice_at_once_makes_one_member(acme_owner: BrandActor, ben: PersonActor, at: datetime) -> None:
    token, start, answers = invite(acme_owner, at), threading.Barrier(2), []

    def join() -> None:
        start.wait()
        try:
            actions.accept_member_invitation(token=token, by=ben, at=at)
            answers.append("joined")
        except InvitationSpent:
            answers.append("spent")
        finally:
            connection.close()

    threads = [threading.Thread(target=join) for _turn in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) == ["joined", "spent"]
    assert Membership.objects.filter(user=ben.user).count() == 1


# In the browser -----------------------------------------------------------------------------------------------------


def signed_in(client: Client, actor: BrandActor | PersonActor) -> None:
    """Sign in with the password, so that the session counts as freshly authenticated."""
    answer = client.post("/account/login/", {"login": actor.user.email, "password": cast.PASSWORD})
    assert answer.status_code == 302, answer.content


def test_an_invitation_travels_by_letter_and_ends_in_membership(
    client: Client, acme_owner: BrandActor, ben: PersonActor
) -> None:
    signed_in(client, acme_owner)
    sent = client.post(
        "/b/acme/settings/members/invite/", {"email": "Ben@Example.Test", "role": "trainer"}, follow=True
    )
    assert "Invited ben@example.test" in sent.content.decode()
    dispatcher.dispatch_due(at=clock.now())
    send_due_letters(at=clock.now())
    letter = mail.outbox[-1]
    link = next(word for word in str(letter.body).split() if "/join/member/" in word)
    assert letter.to == ["ben@example.test"]
    path = link[link.index("/join/") :]
    visitor = Client()
    assert "April Acme invites you" in visitor.get(path).content.decode()
    assert "ben@example.test" not in visitor.get(path).content.decode()
    signed_in(visitor, ben)
    joined = visitor.post(path, follow=True)
    assert joined.redirect_chain[-1][0] == "/b/acme/"
    assert visitor.get(path).status_code == 410


def test_inviting_asks_for_the_password_when_the_sign_in_is_old(client: Client, acme_owner: BrandActor) -> None:
    client.force_login(acme_owner.user)
    answer = client.post("/b/acme/settings/members/invite/", {"email": "ben@example.test", "role": "viewer"})
    assert answer["Location"].startswith("/account/reauthenticate/")
    resumed = client.post(answer["Location"], {"password": cast.PASSWORD}, follow=True)
    assert resumed.status_code == 200
    assert MemberInvitation.objects.for_actor(acme_owner).get().email == "ben@example.test"


def test_a_removed_member_is_out_at_the_next_request_and_so_are_their_keys(
    client: Client, acme_owner: BrandActor, at: datetime
) -> None:
    otto = cast.make_member(acme_owner.brand, "Otto Acme")
    text = actions.make_api_key(name="Sync", scopes=["view"], by=otto, at=at)[1]
    browser, machine = Client(), Client(headers={"Authorization": f"Bearer {text}"})
    browser.force_login(otto.user)
    assert browser.get("/b/acme/").status_code == 200
    assert machine.get("/api/v1/brands/acme/").status_code == 200
    actions.remove_member(membership_id=Membership.objects.get(user=otto.user).pk, by=acme_owner, at=at)
    assert browser.get("/b/acme/").status_code == 404
    assert machine.get("/api/v1/brands/acme/").status_code == 401
    Membership.objects.create(brand=acme_owner.brand, user=otto.user, role="owner", created_at=at)
    assert machine.get("/api/v1/brands/acme/").status_code == 401, "an old key does not come back with its maker"


def test_a_person_of_two_brands_never_sees_one_through_the_other(
    client: Client, acme_owner: BrandActor, globex: Brand, at: datetime
) -> None:
    Membership.objects.create(brand=globex, user=acme_owner.user, role="owner", created_at=at)
    gus = cast.make_member(globex, "Gus Globex")
    otto = cast.make_member(acme_owner.brand, "Otto Acme", "viewer")
    invitation = actions.invite_member(email="ben@example.test", role="viewer", by=acme_owner, at=at)
    key = actions.make_api_key(name="Sync", scopes=["view"], by=acme_owner, at=at)[0]
    signed_in(client, acme_owner)
    otto_id = Membership.objects.get(user=otto.user).pk
    through_globex = [
        (f"/b/globex/settings/members/{otto_id}/role/", {"role": "owner"}),
        (f"/b/globex/settings/members/{otto_id}/remove/", {}),
        (f"/b/globex/settings/invitations/{invitation.pk}/withdraw/", {}),
        (f"/b/globex/settings/keys/{key.pk}/revoke/", {}),
    ]
    for path, body in through_globex:
        assert client.post(path, body).status_code == 404, path
    page = client.get("/b/globex/settings/members/").content.decode()
    assert "Gus Globex" in page
    assert "Otto Acme" not in page
    assert "ben@example.test" not in page
    assert gus.user.full_name not in client.get("/b/acme/settings/members/").content.decode()
    assert ApiKey.objects.for_actor(acme_owner).get().revoked_at is None


def test_making_a_key_shows_it_once(client: Client, acme_owner: BrandActor) -> None:
    signed_in(client, acme_owner)
    form = {"name": "Planning sync", "scopes": ["view", "plan_capacity"], "allowed_ips": "203.0.113.0/24\n198.51.100.7"}
    page = client.post("/b/acme/settings/keys/", form)
    assert "gigcx_" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    text = page.context["made"]["text"]
    assert text not in client.get("/b/acme/settings/keys/").content.decode()
    assert ApiKey.objects.for_actor(acme_owner).get().allowed_ips == ["203.0.113.0/24", "198.51.100.7"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"name": "", "scopes": ["view"]}, "required"),
        ({"name": "x", "scopes": []}, "required"),
        ({"name": "x", "scopes": ["rule_the_world"]}, "not one of the available choices"),
        ({"name": "x", "scopes": ["view"], "allowed_ips": "localhost"}, "not an address or range"),
        ({"name": "x", "scopes": ["view"], "expires_on": "2001-01-01"}, "lies in the past"),
        ({"name": "x", "scopes": ["view"], "expires_on": "soon"}, "valid date"),
    ],
)
def test_a_key_asked_for_wrongly_is_refused_at_its_field(
    client: Client, acme_owner: BrandActor, body: dict[str, Any], words: str
) -> None:
    signed_in(client, acme_owner)
    answer = client.post("/b/acme/settings/keys/", body)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ApiKey.objects.for_actor(acme_owner).exists()


def test_two_keys_may_be_active_for_rotation_and_no_third(acme_owner: BrandActor, at: datetime) -> None:
    from gigcx.tenancy.errors import TooManyKeys

    first, _text = actions.make_api_key(name="One", scopes=["view"], by=acme_owner, at=at)
    actions.make_api_key(name="Two", scopes=["view"], by=acme_owner, at=at)
    with pytest.raises(TooManyKeys):
        actions.make_api_key(name="Three", scopes=["view"], by=acme_owner, at=at)
    actions.revoke_api_key(api_key_id=first.pk, by=acme_owner, at=at)
    actions.make_api_key(name="Three", scopes=["view"], by=acme_owner, at=at)
