"""The questions of the demo world's banks."""

from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Question:
    """A question; the first `right` options are right. Without options it is a short text with accepted answers."""

    prompt: str
    options: tuple[str, ...] = ()
    right: int = 1
    answers: tuple[str, ...] = field(default=())

    @property
    def kind(self) -> str:
        """Its kind."""
        if not self.options:
            return "short_text"
        return "single_choice" if self.right == 1 else "multi_choice"

    def payload(self) -> dict[str, Any]:
        """What is asked."""
        if not self.options:
            return {"prompt": self.prompt}
        return {
            "prompt": self.prompt,
            "options": [{"id": f"o{n}", "text": text} for n, text in enumerate(self.options)],
        }

    def key(self) -> dict[str, Any]:
        """What is right."""
        if not self.options:
            return {"answers": [{"text": text, "match": "close"} for text in self.answers]}
        return {"options": [f"o{n}" for n in range(self.right)], "rule": "partial"}


TONE: Final = (
    Question(
        "A customer writes in capitals that a sofa came with a torn cover. What do you write first?",
        (
            "That must have been a let-down on delivery day. I will sort this out with you now.",
            "Please do not shout. How can I help?",
            "Our terms say damage is reported within 48 hours.",
            "Have you tried turning the cover round?",
        ),
    ),
    Question(
        "You do not know the answer and need three minutes. What fits?",
        (
            "I want to be sure, so I am checking with the warehouse. It takes about three minutes; I stay here.",
            "One moment.",
            "I do not know.",
            "Please write again later.",
        ),
    ),
    Question(
        "Which sentences take responsibility?",
        (
            "We sent the wrong size, and I am putting that right.",
            "I booked the earliest slot and will check tomorrow that it held.",
            "The courier must have made a mistake.",
            "That is how the system works.",
        ),
        right=2,
    ),
    Question(
        "A customer thanks you and leaves. What is the last line?",
        (
            "Glad it worked out. If the new slot does not suit you, the link above changes it.",
            "Bye.",
            "Please rate me five stars.",
            "This conversation is closed.",
        ),
    ),
    Question(
        "A refund is not possible. How do you begin?",
        (
            "I cannot refund this order, and I want to show you what I can do instead.",
            "Unfortunately our policy does not allow that.",
            "No refunds after 30 days.",
            "You should have read the terms.",
        ),
    ),
    Question(
        "Which of these belong into a summary for a colleague?",
        (
            "What the customer wants, in one sentence.",
            "What was promised, and by when.",
            "That the customer was difficult.",
            "The whole conversation, pasted.",
        ),
        right=2,
    ),
    Question(
        "Someone writes in a language you do not speak well. What do you do?",
        (
            "Say so in simple words and offer a colleague who does, or short written steps.",
            "Answer in English and hope.",
            "End the chat.",
            "Use idioms to sound natural.",
        ),
    ),
)
ORDERS: Final = (
    Question(
        "An order says 'picked' since four days. What does that mean?",
        (
            "It left the shelf and waits for the courier; four days is too long, so the depot is asked.",
            "It was delivered.",
            "The customer cancelled.",
            "It is on a truck.",
        ),
    ),
    Question(
        "What do we call the time in which a customer may change a delivery slot?",
        answers=("slot window", "the slot window"),
    ),
    Question(
        "What do you check before you promise a replacement?",
        (
            "That the article is in stock.",
            "That the first one was reported as damaged or missing.",
            "The customer's star sign.",
            "How friendly the customer was.",
        ),
        right=2,
    ),
    Question(
        "A customer asks you to read their card number back. What do you do?",
        (
            "Say that you cannot see it, and that nobody here ever asks for it.",
            "Read the last eight digits.",
            "Ask them to send it again.",
            "Write it into the notes.",
        ),
    ),
    Question(
        "Two orders, one courier, one parcel arrived. What first?",
        (
            "Compare the parcel numbers on both orders.",
            "Send both again.",
            "Refund both.",
            "Ask the customer to wait two weeks.",
        ),
    ),
    Question(
        "When does a return become a refund?",
        (
            "When the depot has scanned it, at the latest two days after arrival.",
            "When the customer asks.",
            "At the end of the month.",
            "Never automatically.",
        ),
    ),
    Question(
        "The order system is down. What do you tell people?",
        (
            "That we cannot see orders right now, when we expect to, and how they will hear from us.",
            "That everything is fine.",
            "Nothing, and wait.",
            "That their order is lost.",
        ),
    ),
)
