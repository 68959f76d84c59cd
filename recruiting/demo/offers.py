"""The programs of the demo world, as their brands would write them."""

from dataclasses import dataclass
from typing import Final

from recruiting.actions import Price, ProgramBrief, QuestionDraft, RateCardDraft, ServiceHours
from recruiting.states import LineKind

_TIERS: Final = {"new": 10_000, "proven": 10_500, "trusted": 11_500, "lead": 12_500}


@dataclass(frozen=True, slots=True)
class Offer:
    """A program with its prices, terms and questions."""

    brand_slug: str
    brief: ProgramBrief
    rate_card: RateCardDraft
    terms: str
    questions: tuple[QuestionDraft, ...]
    places: int


def _daily(starts: str, ends: str, days: range = range(7)) -> tuple[ServiceHours, ...]:
    return tuple(ServiceHours(day, starts, ends) for day in days)


def _prices(hour: tuple[int, int], **others: tuple[int, int]) -> RateCardDraft:
    pairs = {LineKind.PRODUCTIVE_HOUR: hour, LineKind.AVAILABLE_HOUR: hour, **others}
    lines = {str(kind): Price(*pair) for kind, pair in pairs.items()}
    return RateCardDraft(lines=lines, tier_multipliers=_TIERS)


_TERMS: Final = """## What you agree to

You work as an independent agent for **{brand}** in the program *{program}*. You choose your own hours by claiming
shifts; nobody assigns them to you.

## Pay

- Every minute that you are signed in to a claimed shift is paid, waiting included, at the rate card shown to you.
- Where the rate card has a floor, a quiet half hour is topped up to it, whatever came in. The line says why.
- Training that you finish is paid at the training rate. Passing certification pays the bounty once.
- Pay is counted to the second and settled every Tuesday for the week before.

## Giving a shift back

You may undo a claim freely for five minutes, and release it without consequence until {lock_down} hours before it starts.

## Customers' data

Use it to help the customer in front of you and for nothing else. Do not write it down, photograph it or repeat it.

## Leaving

You may leave at any time. Work already done is paid.
"""

OFFERS: Final = (
    Offer(
        brand_slug="alder-wren",
        brief=ProgramBrief(
            name="Holiday Chat",
            summary="Help shoppers choose, order and track gifts by chat through the holiday season.",
            description=(
                "You answer shoppers in up to two chats at a time: sizes, gifts, delivery dates, a parcel that is late. "
                "Friday evenings and the weeks before Christmas are busy; mornings are quiet.\n\n"
                "You see order numbers and delivery dates, never card numbers."
            ),
            line_of_business="customer_care",
            channels=("chat",),
            languages={"en": "B2"},
            skills={"live-chat": 3, "retail": 2},
            equipment=("A computer with a keyboard", "A steady connection of 10 Mbit/s", "A quiet room"),
            sensitivity_ceiling=1,
            timezone="America/New_York",
            service_hours=_daily("09:00", "00:00"),
            launch_minimum=12,
        ),
        rate_card=_prices(
            (1400, 1990),
            training=(1400, 1600),
            certification_bounty=(2000, 2000),
            standby=(500, 700),
            cancellation=(700, 995),
            sent_home=(700, 995),
            incentive_cap=(600, 800),
        ),
        terms=_TERMS.format(brand="Alder & Wren", program="Holiday Chat", lock_down=24),
        questions=(
            QuestionDraft(
                prompt="Can you work at least one evening or weekend shift a week?",
                is_knock_out=True,
                accepted=("yes",),
            ),
            QuestionDraft(prompt="How many years have you served customers in writing?", kind="number"),
            QuestionDraft(prompt="What did you last buy as a gift, and why that?", kind="text"),
        ),
        places=124,
    ),
    Offer(
        brand_slug="alder-wren",
        brief=ProgramBrief(
            name="Returns e-mail",
            summary="Answer e-mails about returns and refunds with care and a clear next step.",
            description="Each e-mail has one owner: you. Read the order, decide by the returns policy, write back once.",
            line_of_business="returns",
            channels=("email",),
            languages={"en": "C1"},
            skills={"email-writing": 3, "returns": 2},
            equipment=("A computer with a keyboard",),
            sensitivity_ceiling=2,
            timezone="America/New_York",
            service_hours=_daily("07:00", "20:00", range(6)),
            launch_minimum=5,
        ),
        rate_card=_prices(
            (1500, 2100),
            available_hour=(900, 1300),
            floor=(1500, 2100),
            training=(1500, 1700),
            certification_bounty=(1500, 1500),
            cancellation=(750, 1050),
        ),
        terms=_TERMS.format(brand="Alder & Wren", program="Returns e-mail", lock_down=24),
        questions=(
            QuestionDraft(prompt="Describe a reply you were proud of, in two sentences.", kind="text"),
            QuestionDraft(
                prompt="Where will you work?",
                kind="choice",
                options=("At home", "In an office", "In cafés"),
                is_knock_out=True,
                accepted=("At home", "In an office"),
            ),
        ),
        places=44,
    ),
    Offer(
        brand_slug="northline",
        brief=ProgramBrief(
            name="Billing voice",
            summary="Explain bills, correct mistakes and arrange payment plans by phone, in German or English.",
            description=(
                "Customers call because a bill surprised them. You read it together, explain each line, correct what is "
                "wrong and agree on what happens next.\n\nCalls take seven minutes on average."
            ),
            line_of_business="billing",
            channels=("voice",),
            languages={"de": "C1", "en": "B1"},
            skills={"phone": 3, "billing": 2, "telecom": 1},
            countries=("AT", "CH", "DE", "EG", "PL", "PT", "ZA"),
            equipment=("A headset with a cable", "A wired connection", "A room where nobody else speaks"),
            sensitivity_ceiling=2,
            timezone="Europe/Berlin",
            service_hours=_daily("08:00", "20:00", range(6)),
            lock_down_hours=48,
            launch_minimum=8,
        ),
        rate_card=_prices(
            (1650, 2450),
            available_hour=(1100, 1650),
            floor=(1650, 2450),
            training=(1400, 1700),
            certification_bounty=(3000, 3500),
            standby=(600, 850),
            cancellation=(825, 1225),
        ),
        terms=_TERMS.format(brand="Northline", program="Billing voice", lock_down=48),
        questions=(
            QuestionDraft(
                prompt="Do you have a headset with a cable and a wired connection?",
                is_knock_out=True,
                accepted=("yes",),
            ),
            QuestionDraft(
                prompt="How many years have you worked on the phone?",
                kind="number",
                is_knock_out=True,
                accepted={"min": 1},
            ),
        ),
        places=64,
    ),
)
