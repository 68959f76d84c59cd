"""Three courses to begin with, for a brand that has none: tone of voice, product, returns."""

from typing import Final

from training.pages.outlines import Chapter, Outline, Text, choice

TONE: Final = Outline(
    title="Our tone of voice",
    summary="How we sound, with replies to compare and two to judge yourself.",
    minutes=10,
    chapters=(
        Chapter(
            "How we sound",
            (
                Text(
                    "Three promises in every reply",
                    """Customers forget most of what we write. They remember whether we understood them.

Every reply keeps three promises, in this order:

:::steps
1. **Understood.** Say back what happened, in their words, before anything else.
2. **Clear.** Say what happens next, and when. One step at a time.
3. **Ours.** Own it. We never say "the system" or "the policy" as if it were somebody else's.
:::

:::callout rule Names
Use the name they signed with. No name? Then no name, rather than "Dear customer".
:::

:::compare Cold | Warm
Your request cannot be processed as the order number provided is invalid.

***

Thanks, Sam. I can't find an order under that number. Could you check the last two digits for me?
:::

:::check first-promise
:::
""",
                    (
                        choice(
                            "first-promise",
                            "A customer writes that her gift arrived a day late. How do you begin?",
                            (
                                "“I’m sorry the gift missed the day it was meant for.”",
                                True,
                                "You show that you understood what being late meant to her.",
                            ),
                            (
                                "“Deliveries can take up to five working days.”",
                                False,
                                "True, but she did not ask how long deliveries take. Begin with what happened to her.",
                            ),
                            (
                                "“Please send me your order number.”",
                                False,
                                "You will need it, as the second step. First show that you understood.",
                            ),
                            objective="Begins with understanding",
                        ),
                    ),
                ),
                Text(
                    "Words we use, words we leave",
                    """Short words are not rude. Long ones often are.

| We write | We leave out |
|---|---|
| I'll check | It will be verified |
| You can send it back | Returns are accepted |
| I was wrong about that | There was a misunderstanding |
| By Thursday | As soon as possible |

:::callout tip Read it aloud
Would you say it across a counter? If not, write it again.
:::

:::reveal What about emoji?
One, when the customer used one first and nothing went wrong. None when there is a complaint.
:::

:::check as-soon-as-possible
:::
""",
                    (
                        choice(
                            "as-soon-as-possible",
                            "Why do we not write “as soon as possible”?",
                            ("It is too long.", False, "Length is not the trouble; it promises nothing."),
                            (
                                "It says nothing. A day the customer can count on is better.",
                                True,
                                "Exactly. If you do not know the day, say when you will know it.",
                            ),
                            ("It sounds impatient.", False, "It sounds vague rather than impatient."),
                            objective="Commits to a time",
                        ),
                    ),
                ),
            ),
            is_skippable=False,
        ),
        Chapter(
            "When it is hard",
            (
                Text(
                    "Saying no",
                    """Sometimes the answer is no. A good no has three parts:
what we cannot do, why in one sentence, and what we can do.

:::compare A closed door | An open one
Unfortunately this is against our policy.

***

I can't refund a worn pair, because we can't sell it again. What I can do is send you the repair kit free of charge. Shall I?
:::

:::callout warning Never
Never promise what you cannot do to end a conversation. It comes back to a colleague, angrier.
:::

:::check parts-of-no
:::
""",
                    (
                        choice(
                            "parts-of-no",
                            "Which of these belong in a good no?",
                            ("What we cannot do", True, ""),
                            ("Why, in one sentence", True, ""),
                            ("What we can do instead", True, ""),
                            ("The number of the policy", False, "Nobody is helped by a paragraph number."),
                            objective="Says no well",
                        ),
                    ),
                ),
            ),
        ),
    ),
)

PRODUCT: Final = Outline(
    title="What we sell",
    summary="The range at a glance: who buys it, what they ask, and what only looks like a fault.",
    minutes=10,
    chapters=(
        Chapter(
            "The range",
            (
                Text(
                    "Who buys from us, and why",
                    """Write here who your customers are and what they hope for when they buy.
Two or three short portraits work better than figures.

:::callout note For you, the author
Replace this text with your own. Keep it to one screen: agents read it between two shifts.
:::

Then name the products that make up most questions, with one line on each: what it is for, and what people get wrong about it.

| Product | For | Often asked |
|---|---|---|
| The one you sell most | everyday use | Which size fits? |
| The one that needs care | after a month | How do I clean it? |
| The new one | since this season | How is it different? |
""",
                ),
                Text(
                    "Five questions that make half of all contacts",
                    """List the five questions you hear most, each with the answer you want to be given.

:::reveal Where is my order?
Open the order, read the last scan, and say the day it should arrive. If the last scan is older than two days, start a trace.
:::

:::reveal Can I change it?
Until it is packed, yes. After that it is a return.
:::

:::check change-order
:::
""",
                    (
                        choice(
                            "change-order",
                            "An order was packed an hour ago and the customer wants another colour. What do you say?",
                            (
                                "It is packed, so I’ll set up a free return and reserve the other colour for you.",
                                True,
                                "Packed means it can no longer change, and you offered the way round.",
                            ),
                            (
                                "I’ve changed it for you.",
                                False,
                                "Packed orders can no longer change. The customer would get the wrong one.",
                            ),
                            (
                                "That is not possible.",
                                False,
                                "True about the change, but there is a way: a return and a reservation.",
                            ),
                        ),
                    ),
                ),
            ),
        ),
        Chapter(
            "What only looks like a fault",
            (
                Text(
                    "Check these first",
                    """Before you send a replacement, walk the customer through what solves most cases.

:::steps
1. Ask what they see, not what is broken.
2. Try the one thing that usually helps.
3. Ask for a photo only when step 2 did not.
4. Offer the replacement, and say when it arrives.
:::

:::callout tip
Say why you ask. “So that I send you the right part” turns a question into help.
:::
""",
                ),
            ),
        ),
    ),
)

RETURNS: Final = Outline(
    title="Returns, from the first word to the refund",
    summary="What may come back, by when, and how to say it when it may not.",
    minutes=10,
    chapters=(
        Chapter(
            "The rules",
            (
                Text(
                    "What may come back",
                    """:::callout rule Thirty days
Anything unworn may come back within 30 days of delivery, for whatever reason. A fault has no such limit.
:::

| | Unworn | Worn | Faulty |
|---|---|---|---|
| within 30 days | refund | no | refund or replacement |
| after 30 days | credit, once | no | replacement |

Count from the day of **delivery**, not of the order. The day is on the order, under the last scan.

:::check thirty-days
:::
""",
                    (
                        choice(
                            "thirty-days",
                            "Ordered 1 March, delivered 6 March, unworn, and today is 4 April. What applies?",
                            (
                                "A refund: it is day 29 after delivery.",
                                True,
                                "The count begins with delivery, on 6 March.",
                            ),
                            (
                                "Credit only: the 30 days are over.",
                                False,
                                "You counted from the order. The count begins with delivery.",
                            ),
                            ("Nothing: it is too late.", False, "It is day 29 after delivery, so a refund is due."),
                            objective="Counts the return window",
                        ),
                    ),
                ),
            ),
        ),
        Chapter(
            "The conversation",
            (
                Text(
                    "Step by step",
                    """:::steps
1. Find the order together. Two details are enough: name and postcode.
2. Ask what was wrong. It is our only way to learn; it never decides about the refund.
3. Make the label and say where it will arrive.
4. Say when the money is back: five working days after the parcel is with us.
5. Ask whether there is anything else. Mean it.
:::

:::compare What it sounds like | What we want
Return approved. Label attached. Refund in 5-7 business days.

***

Your label is in the e-mail I just sent. Drop it anywhere by the 14th, and the money is back five working days
after it reaches us. Did the smaller size fit better?
:::

:::check why-ask
:::
""",
                    (
                        choice(
                            "why-ask",
                            "A customer does not want to say why she sends it back. What do you do?",
                            (
                                "Thank her and go on. The reason never decides.",
                                True,
                                "We ask in order to learn, not to judge.",
                            ),
                            (
                                "Explain that a reason is needed.",
                                False,
                                "It is not. Unworn and in time is all that counts.",
                            ),
                            ("Pick a reason for her.", False, "Then what we learn is wrong. Leave it empty."),
                        ),
                    ),
                ),
                Text(
                    "When the answer is no",
                    """A worn pair cannot be sold again, so it does not come back. Say so once, kindly, and then help.

:::callout tip What you can offer
The repair kit, a discount of ten percent on the next pair, or the address of a workshop nearby.
:::

If the customer insists, hand the conversation over with two sentences on what was said. It is not a defeat; it is the next step.

:::check hand-over
:::
""",
                    (
                        choice(
                            "hand-over",
                            "What goes into a hand-over?",
                            ("What the customer wants", True, ""),
                            ("What was offered so far", True, ""),
                            ("How rude the customer was", False, "Facts help your colleague; judgements do not."),
                        ),
                    ),
                ),
            ),
        ),
    ),
)

STARTERS: Final = {"tone": TONE, "product": PRODUCT, "returns": RETURNS}
