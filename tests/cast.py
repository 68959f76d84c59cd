"""The one cast of every test: Acme and Globex are brands, Ada and Bo are agents, Olu is ops, Mallory belongs to nobody."""

from datetime import UTC, datetime

from gigcx.accounts.models import User
from gigcx.tenancy.actors import BrandActor, OpsActor, PersonActor
from gigcx.tenancy.models import Brand, Membership
from gigcx.tenancy.states import BrandState

MONDAY_NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


def make_user(name: str, *, is_staff: bool = False, timezone: str = "UTC") -> User:
    """A verified person whose address is their first name."""
    from allauth.account.models import EmailAddress

    email = f"{name.split(' ', maxsplit=1)[0].lower()}@example.test"
    user = User.objects.create_user(
        email, PASSWORD, full_name=name, is_staff=is_staff, is_superuser=is_staff, timezone=timezone
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_brand(name: str, *, timezone: str = "America/New_York", currency: str = "USD") -> Brand:
    """An active brand."""
    return Brand.objects.create(
        name=name,
        slug=name.lower(),
        legal_name=f"{name} Incorporated",
        country="US",
        currency=currency,
        timezone=timezone,
        state=BrandState.ACTIVE,
        created_at=MONDAY_NOON,
    )


def make_member(brand: Brand, name: str, role: str = "owner") -> BrandActor:
    """A member of the brand, ready to act."""
    user = make_user(name)
    Membership.objects.create(brand=brand, user=user, role=role, created_at=MONDAY_NOON)
    return BrandActor(user, brand, role)


def ops(name: str = "Olu Ops") -> OpsActor:
    """Somebody of ops."""
    return OpsActor(make_user(name, is_staff=True))


def outsider(name: str = "Mallory Nobody") -> PersonActor:
    """Somebody signed in who belongs to nobody."""
    return PersonActor(make_user(name))
