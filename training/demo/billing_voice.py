"""The course of Billing voice: a surprising bill, read together."""

from typing import Final

from training.pages.outlines import Chapter, Outline, Text, choice, words

COURSE: Final = Outline(
    title="Billing voice: reading a bill together",
    summary="Identify, read the bill line by line, correct what is wrong, and agree on what happens next.",
    minutes=15,
    chapters=(
        Chapter(
            "Before you look anything up",
            (
                Text(
                    "The first half minute",
                    """People call about a bill because it was higher than they thought. They are braced for an argument.
Take it away from them in the first half minute.

:::steps
1. Name, company, and that you look at it **together**: “Let's go through it line by line.”
2. Identify the caller: **customer number and date of birth**. Nothing is said about the account before that.
3. Ask which amount they **expected**. The difference is the call.
:::

:::callout rule Data protection
No identification, no information. Not to a husband, not to a mother, not to somebody “who pays for it anyway”. Offer to
call back the number in the contract.
:::

:::check third-party
:::
""",
                    (
                        choice(
                            "third-party",
                            "A woman calls about her husband's bill. She has his customer number and not his date of birth.",
                            (
                                "You offer to call back the number in the contract, or to wait until he is on the line.",
                                True,
                                "It protects him, and you offered a way.",
                            ),
                            (
                                "You tell her the amount, but not the single calls.",
                                False,
                                "The amount is his, too. Nothing is said before identification.",
                            ),
                            (
                                "You explain that data protection forbids it and end the call.",
                                False,
                                "True, but it leaves her with nothing. Offer a way.",
                            ),
                            objective="Identifies before informing",
                        ),
                    ),
                ),
                Text(
                    "Voice",
                    """On the phone they hear your speed before they hear your words.

- Speak a little slower than the caller. They will follow you.
- Say figures in groups, and pause: “eighty-four euros … and thirty cents”.
- When it goes quiet, say why: “I'm opening March.”

:::compare Heard as hiding something | Heard as helping
That's from the third-party provider, we have nothing to do with that.

***

That line is a subscription somebody else sells through our bill. I can block it for you now, and I'll tell you how to get
the money back.
:::

:::check quiet
:::
""",
                    (
                        choice(
                            "quiet",
                            "The system needs twenty seconds. What does the caller hear?",
                            ("What you are opening, in one short sentence.", True, "So they wait with you."),
                            ("Music", False, "Hold music for twenty seconds sounds like being put away."),
                            ("Nothing", False, "Silence on the phone sounds as if the line had dropped."),
                            objective="Keeps the line alive",
                        ),
                    ),
                ),
            ),
            is_skippable=False,
        ),
        Chapter(
            "The bill",
            (
                Text(
                    "Line by line",
                    """Nine of ten surprises are one of these five. Look for them in this order.

| Line | Why it surprises | What you can do |
|---|---|---|
| Pro rata share | the first bill has a month and a bit | explain; the next one is lower |
| End of a discount | 24 months are over | offer the present tariff |
| Third-party subscription | clicked by accident | block it, refund by form |
| Roaming outside the EU | a day in Zürich | day pass afterwards, once a year |
| Device instalment | forgotten | show the end date |

:::reveal How do I explain “pro rata”?
“Your contract began on the 14th. So this bill has the 17 days of March **and** April in full. From May on it is only the
month itself.” Then say the next amount.
:::

:::check pro-rata
:::

:::check subscription
:::
""",
                    (
                        choice(
                            "pro-rata",
                            "A new customer's first bill is 61 instead of 40. The contract began on the 14th. Why?",
                            (
                                "It has the rest of the first month and the whole next one.",
                                True,
                                "And now say what the next bill will be: 40.",
                            ),
                            ("The price went up.", False, "Look at the first line: pro rata share."),
                            (
                                "It is a mistake; you correct it.",
                                False,
                                "Then the next bill would be wrong. It is right.",
                            ),
                            objective="Explains a first bill",
                        ),
                        choice(
                            "subscription",
                            "A child clicked on a weekly subscription for games. What do you do in this call?",
                            ("Block third-party services, if the customer wants it", True, ""),
                            ("Send the refund form and say how long it takes", True, ""),
                            ("Say whose subscription it is", True, ""),
                            (
                                "Take the amount off the bill",
                                False,
                                "It is somebody else's money. Promise what you can keep: block and form.",
                            ),
                            objective="Handles third-party charges",
                        ),
                    ),
                ),
                Text(
                    "Correcting and paying later",
                    """**A correction** up to 50.00 EUR a bill is yours to make, with one line that says why. Above that you
hand over, and the caller keeps the line.

**A payment plan** is possible for amounts above 60.00 EUR that are not older than 90 days: two to six equal parts, the
first within 14 days. The line stays open as long as the parts are paid.

:::callout warning Never
Never say that the line “probably” stays open. Either the plan is in the system, or it is not.
:::

:::callout tip Let them choose
“Would three parts suit you, or four?” is a better question than “Can you pay?”
:::

:::check limit
:::

:::check plan
:::
""",
                    (
                        words(
                            "limit",
                            "Up to how many euros a bill may you correct yourself? Write the number.",
                            "50",
                            "50 EUR",
                            "50.00",
                            "fifty",
                            why="With one line that says why.",
                            hint="It stands in the first sentence of the page.",
                            objective="Knows the limit",
                        ),
                        choice(
                            "plan",
                            "240 EUR, 30 days old. The caller can pay 60 a month. What do you set up?",
                            ("Four parts, the first within 14 days.", True, "Say the four dates, and confirm by text."),
                            (
                                "Two parts: it is safer.",
                                False,
                                "They told you what they can pay. A broken plan helps nobody.",
                            ),
                            (
                                "Nothing: it is above the limit.",
                                False,
                                "The limit of 50 is for corrections, not for plans.",
                            ),
                            objective="Sets up a plan",
                        ),
                    ),
                ),
            ),
        ),
        Chapter(
            "Ending well",
            (
                Text(
                    "Three sentences at the end",
                    """:::steps
1. What was the reason: “It was the end of your discount.”
2. What you did: “I've moved you to the present tariff, from the 1st.”
3. What comes next: “The next bill is 34.90. If it isn't, call us and say my name.”
:::

Then wait for them to hang up first.

:::callout note After the call
You have 60 seconds, paid, for one line in the contract. Write what you agreed on, not what was said.
:::

:::check ending
:::
""",
                    (
                        choice(
                            "ending",
                            "What belongs in the last three sentences?",
                            ("The reason", True, ""),
                            ("What you did", True, ""),
                            ("The next amount", True, ""),
                            ("An offer for a new phone", False, "They called with a worry. Not today."),
                            objective="Ends a call well",
                        ),
                    ),
                ),
            ),
        ),
    ),
)
