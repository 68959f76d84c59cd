"""The course of Returns e-mail: one owner, one reply, one clear next step."""

from typing import Final

from training.pages.outlines import Chapter, Outline, Text, choice, words

COURSE: Final = Outline(
    title="Returns e-mail: decide once, write once",
    summary="Reading an order, deciding by the rules, and a reply that needs no second one.",
    minutes=15,
    chapters=(
        Chapter(
            "Deciding",
            (
                Text(
                    "Read before you write",
                    """An e-mail has one owner, and that is you until it is answered. Before you type a word, find three
things in the order:

:::steps
1. The day of **delivery**: the last scan. The return window is counted from it.
2. What was **paid**, and how: vouchers go back as vouchers.
3. What was **said before**: open the history. Nobody should have to repeat themselves.
:::

:::callout warning Read the photos
Half of the e-mails about faults have a photo attached. Look at it before you ask for one.
:::

:::check count-from
:::
""",
                    (
                        words(
                            "count-from",
                            "From which day is the return window counted? One word.",
                            "delivery",
                            "delivered",
                            "day of delivery",
                            why="The last scan in the order shows it.",
                            hint="Not from the order, and not from the e-mail.",
                            objective="Counts the window from delivery",
                        ),
                    ),
                ),
                Text(
                    "The rules on one page",
                    """| | Unworn, in time | Unworn, late | Worn | Faulty |
|---|---|---|---|---|
| Refund | yes | no | no | yes |
| Exchange | yes | once, as a kindness | no | yes |
| Voucher | yes | yes | no | yes |
| Who decides | you | you | nobody: it is no | you, with a photo |

In time means 30 days from delivery; for what was bought from 1 November to 24 December it means until 15 January.

:::reveal Why is “worn” always no?
Because we would have to throw it away. Offer the repair kit, which is free, and say why in one sentence. People accept a
reason; they do not accept a paragraph number.
:::

:::check late-unworn
:::

:::check worn
:::
""",
                    (
                        choice(
                            "late-unworn",
                            "Delivered 40 days ago, unworn, bought in August. What may you offer?",
                            ("A voucher", True, ""),
                            ("An exchange, once, as a kindness", True, ""),
                            ("A refund", False, "The window is over, so the money stays. A voucher keeps its value."),
                            objective="Decides by the table",
                        ),
                        choice(
                            "worn",
                            "A worn pair that simply does not please any more. What do you write?",
                            (
                                "A kind no with its reason, and the repair kit.",
                                True,
                                "Once, clearly, and with something that helps.",
                            ),
                            (
                                "A refund, because the customer writes so nicely.",
                                False,
                                "Then the next one, who writes less nicely, gets less. The rule is for both.",
                            ),
                            ("A link to the policy.", False, "A link is not an answer. Say it yourself."),
                            objective="Says no well",
                        ),
                    ),
                ),
            ),
        ),
        Chapter(
            "Writing",
            (
                Text(
                    "A reply that needs no second one",
                    """Every reply has four parts, in this order. Most are six sentences long.

:::steps
1. **The decision**, in the first sentence. “I've refunded the boots in full.”
2. **The one reason**, if it is not what they asked for.
3. **What happens next**, with a day: label, parcel, money.
4. **A way back**: “write to me here if it isn't with you by the 14th”.
:::

:::compare Goes round in circles | Ends it well
Thank you for reaching out. We are sorry to hear about your experience. Your request has been forwarded and you will be
contacted in due course.

***

I've refunded the boots: 189.00 USD, back on your card by Thursday 12 December. Keep them or give them away, we don't need
them back. If nothing has arrived by the 13th, write to me here and I'll find out where it is.
:::

:::check first-sentence
:::
""",
                    (
                        choice(
                            "first-sentence",
                            "What stands in the first sentence?",
                            ("The decision", True, "They scroll no further if they find it there. That is the point."),
                            ("An apology", False, "Second, and only when something was our fault."),
                            ("Thanks for their e-mail", False, "They did not write to be thanked."),
                            objective="Leads with the decision",
                        ),
                    ),
                ),
                Text(
                    "When we were wrong",
                    """Sometimes it was us: the wrong size in the box, a label that did not print, a promise we did not keep.

Say **what** went wrong and **what you have done**. Not why it could happen; that is for our own people.

:::compare Sounds sorry | Is sorry
We sincerely apologize for any inconvenience this may have caused.

***

We packed the wrong size. The right one left this morning by express and should be with you on Friday; the label for the
other is in this e-mail. I'm sorry you have the walk to the post office because of us.
:::

:::callout rule What you may give
Up to 25.00 USD in vouchers where we were wrong, without asking anybody. Write the reason into the order.
:::

:::check our-fault
:::
""",
                    (
                        choice(
                            "our-fault",
                            "Which parts belong in a reply when it was our mistake?",
                            ("What went wrong", True, ""),
                            ("What you have done about it", True, ""),
                            ("Sorry, once, for what it meant to them", True, ""),
                            ("How it could happen", False, "Interesting for us; for them it sounds like an excuse."),
                            objective="Owns a mistake",
                        ),
                    ),
                ),
            ),
            is_skippable=False,
        ),
    ),
)
