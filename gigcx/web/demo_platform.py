"""The platform's chapter: ops, the house brand, two brands at work, and one that waits for review."""

from datetime import timedelta
from typing import Final

from gigcx.accounts.models import User
from gigcx.tenancy import actions
from gigcx.tenancy.actors import BrandActor, OpsActor, PersonActor, SystemActor
from gigcx.tenancy.models import Brand
from gigcx.web.demo import Person, World

OPS: Final = (
    Person("olu@demo.example", "Olu Adeyemi", is_staff=True),
    Person("ines@demo.example", "Ines Duarte", is_staff=True),
    Person("kofi@demo.example", "Kofi Mensah", is_staff=True),
)
NEW_YORK: Final = "America/New_York"
BERLIN: Final = "Europe/Berlin"
ALDER: Final = (
    ("owner", Person("dana@demo.example", "Dana Whitfield", NEW_YORK)),
    ("planner", Person("paul@demo.example", "Paul Okafor", NEW_YORK)),
    ("trainer", Person("tess@demo.example", "Tess Lindqvist", NEW_YORK)),
    ("finance", Person("fay@demo.example", "Fay Moreno", NEW_YORK)),
)
NORTHLINE: Final = (
    ("owner", Person("nils@demo.example", "Nils Brandt", BERLIN)),
    ("planner", Person("nadia@demo.example", "Nadia Köhler", BERLIN)),
)
WAITING: Final = Person("pia@demo.example", "Pia Sørensen", "Europe/Copenhagen")


def tell(world: World) -> None:
    """This function will found the brands eleven weeks ago, let ops approve them, and bring their members in."""
    began = world.at - timedelta(weeks=11)
    ops = [OpsActor(user) for user in world.people(OPS, joined_at=began)]
    actions.found_house_brand(name="GigCX Academy", by=SystemActor("setup"), at=began)
    alder = {
        "name": "Alder & Wren",
        "legal_name": "Alder & Wren Retail Inc.",
        "country": "US",
        "currency": "USD",
        "timezone": NEW_YORK,
        "website": "https://alderwren.example",
        "about": "Furniture and home goods, online and in 38 shops. People ask about orders, delivery slots and returns, "
        "by chat and phone, most of all on Friday evenings and before the holidays.",
    }
    northline = {
        "name": "Northline",
        "legal_name": "Northline Mobilfunk GmbH",
        "country": "DE",
        "currency": "EUR",
        "timezone": BERLIN,
        "website": "https://northline.example",
        "about": "Prepaid mobile plans for Germany and Austria. Customers write about activation, roaming and top-ups, "
        "in German and English, by chat and e-mail.",
    }
    _open_brand(world, alder, ALDER, ops[0])
    _open_brand(world, northline, NORTHLINE, ops[1])
    _waiting_brand(world)
    _print_sign_ins(world)


def _open_brand(world: World, words: dict[str, str], cast: tuple[tuple[str, Person], ...], ops: OpsActor) -> Brand:
    began = world.at - timedelta(weeks=11)
    users = world.people([person for _role, person in cast], joined_at=began)
    owner = users[0]
    brand = actions.found_brand(**words, by=PersonActor(owner), at=began + timedelta(hours=1))
    actions.approve_brand(brand_id=brand.pk, by=ops, at=began + timedelta(hours=5))
    for (role, _person), user in list(zip(cast, users, strict=True))[1:]:
        _join(brand, BrandActor(owner, brand, "owner"), user, role, world)
    return brand


def _join(brand: Brand, owner: BrandActor, user: User, role: str, world: World) -> None:
    invited = world.at - timedelta(weeks=10, days=6)
    invitation = actions.invite_member(email=user.email, role=role, by=owner, at=invited)
    token = actions.token_of(invitation.pk)
    actions.accept_member_invitation(token=token, by=PersonActor(user), at=invited + timedelta(hours=3))


def _waiting_brand(world: World) -> None:
    (founder,) = world.people([WAITING], joined_at=world.at - timedelta(days=1))
    actions.found_brand(
        name="Fjord Outdoor",
        legal_name="Fjord Outdoor ApS",
        country="DK",
        currency="EUR",
        timezone="Europe/Copenhagen",
        website="https://fjordoutdoor.example",
        about="Tents and boots for northern weather. Questions about sizes and repairs, by e-mail and chat.",
        by=PersonActor(founder),
        at=world.at - timedelta(hours=20),
    )


def _print_sign_ins(world: World) -> None:
    world.print_sign_in("Brand owner, Alder & Wren", "dana@demo.example")
    world.print_sign_in("Brand planner, Alder & Wren", "paul@demo.example")
    world.print_sign_in("Brand trainer, Alder & Wren", "tess@demo.example")
    world.print_sign_in("Brand owner, Northline", "nils@demo.example")
    world.print_sign_in("Ops (admin)", "olu@demo.example")
    world.print_sign_in("Ops, the second pair of eyes", "ines@demo.example")
    world.print_sign_in("Ops, the third, for what two approve", "kofi@demo.example")
