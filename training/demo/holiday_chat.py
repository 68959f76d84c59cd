"""The course of Holiday Chat: gifts by chat, from the first line to the hand-over."""

from typing import Final

from training.pages.outlines import Chapter, Outline, Text, choice, words

COURSE: Final = Outline(
    title="Holiday Chat: gifts, sizes and late parcels",
    summary="How Alder & Wren sounds in chat, the holiday return rule, late parcels, and two chats at a time.",
    minutes=20,
    chapters=(
        Chapter(
            "How we sound",
            (
                Text(
                    "Who is on the other side",
                    """Most people who write to us in November buy for somebody else. They do not know the size, they are
in a hurry, and they want to be told that it will be fine. Usually it will.

Three things help them more than anything else:

:::steps
1. **Answer the worry first.** “It arrives by the 22nd” comes before “let me look at the order”.
2. **One thing at a time.** A chat window is small. Two short lines beat one long paragraph.
3. **Say what happens next.** Who does it, and by when.
:::

:::compare Correct, and cold | Correct, and kind
Order AW-20418 has status IN TRANSIT. Delivery estimate 21-23 Dec.

***

It's on its way and should be with you on the 21st, the 23rd at the latest. I'll keep an eye on it until you have it.
:::

:::callout rule No card numbers
You will never see one and must never ask for one. If a customer types one, say that you cannot see it and go on.
:::

:::check first-line
:::
""",
                    (
                        choice(
                            "first-line",
                            "“hi, will my order come before xmas??? it's for my dad”. Which first line fits best?",
                            (
                                "“It should be with you on the 21st, in good time for your dad.”",
                                True,
                                "The worry first, and you took up the dad. The order number can follow.",
                            ),
                            (
                                "“Hello and thank you for contacting Alder & Wren. May I have your order number?”",
                                False,
                                "Polite, but the worry is still there. You can see the order of a signed-in customer.",
                            ),
                            (
                                "“Delivery takes three to five working days.”",
                                False,
                                "That makes the customer do the sum. Look, and say the day.",
                            ),
                            objective="Answers the worry first",
                        ),
                    ),
                ),
                Text(
                    "Helping somebody choose",
                    """You cannot feel the wool through a chat window, and neither can they. What you can do is ask two
good questions and then **recommend one thing**. Three options are homework.

Good questions to choose from:

- What do they wear on a Saturday?
- Which of theirs do you like most?
- Is it a surprise, or may they choose the colour later?

| They say | Recommend | Because |
|---|---|---|
| “He is tall, no idea about sizes” | a scarf or the blanket | nothing to fit |
| “She is between M and L” | the L | knit shrinks on the first wash; it never grows |
| “For a colleague, up to 40” | the gift box | wrapped, and easy to exchange |

:::callout tip Offer the gift receipt
It shows no price, and whoever gets the present can exchange it themselves until 15 January. Nobody thinks of it; everybody
is glad of it.
:::

:::check between-sizes
:::
""",
                    (
                        choice(
                            "between-sizes",
                            "A jumper for a sister who is “somewhere between M and L”. What do you recommend?",
                            (
                                "The L, with a gift receipt so that she can exchange it.",
                                True,
                                "Knit shrinks a little, and the receipt takes the worry away.",
                            ),
                            ("The M: it stretches.", False, "Our knit shrinks at the first wash and does not stretch."),
                            (
                                "Both, and send one back.",
                                False,
                                "It works, but it is a parcel too many for a present. One recommendation is kinder.",
                            ),
                            objective="Recommends one thing",
                        ),
                    ),
                ),
            ),
            is_skippable=False,
        ),
        Chapter(
            "What you need to know",
            (
                Text(
                    "Returns in the holidays",
                    """:::callout rule The holiday window
Everything bought from **1 November to 24 December** may come back until **15 January**, unworn, with its label.
Everything else: 30 days from delivery.
:::

Refunds go back the way they were paid, five working days after the parcel is with us. With a gift receipt there is no
refund to the giver: the person who got it exchanges it or takes a voucher. So the giver never finds out.

:::reveal And if it has been worn?
Then it cannot come back. Offer the repair kit, which is free, and the ten percent on the next order. Faults are different:
a faulty piece is replaced at any time, worn or not.
:::

:::check holiday-window
:::

:::check gift-refund
:::
""",
                    (
                        choice(
                            "holiday-window",
                            "Bought on 3 November, delivered on 6 November. Until when may it come back?",
                            ("15 January", True, "Bought in the holiday window, so the 30 days do not matter."),
                            (
                                "6 December",
                                False,
                                "That would be 30 days from delivery, the rule outside the holidays.",
                            ),
                            ("24 December", False, "That day ends the buying window, not the returning one."),
                            objective="Applies the holiday return rule",
                        ),
                        choice(
                            "gift-refund",
                            "Somebody returns a present with a gift receipt. What may they have?",
                            ("An exchange", True, ""),
                            ("A voucher", True, ""),
                            (
                                "The money on their own card",
                                False,
                                "The money was somebody else's, and the giver would find out. Exchange or voucher.",
                            ),
                            objective="Handles gift receipts",
                        ),
                    ),
                ),
                Text(
                    "When a parcel is late",
                    """A late parcel is the most frequent chat of December and the easiest to do well.

:::steps
1. Open the order and read the **last scan**: where and when.
2. Less than 48 hours ago? It is moving. Say the new day and that you keep an eye on it.
3. Older than 48 hours? Start a **trace** in the order. It takes the carrier a day.
4. Needed before a date that cannot be kept? Offer to send it again by express, **today**, at our cost. Before 20 December
   you may decide this yourself up to 120.00 USD.
5. Write one line into the order, so that the next person knows.
:::

:::compare What they hear as “not my problem” | What they hear as “I've got this”
The carrier has it, please contact them directly.

***

The last scan was in Newark two days ago, which is too long. I've started a trace, and I'll write to you by tomorrow noon,
found or not.
:::

:::check last-scan
:::

:::check hours
:::
""",
                    (
                        choice(
                            "last-scan",
                            "The last scan is three days old and the present is needed in two days. What do you do?",
                            ("Start a trace", True, ""),
                            ("Offer to send it again by express, today", True, ""),
                            ("Write a line into the order", True, ""),
                            (
                                "Ask the customer to call the carrier",
                                False,
                                "We chose the carrier, so we call. The customer bought from us.",
                            ),
                            objective="Handles a late parcel",
                        ),
                        words(
                            "hours",
                            "After how many hours without a scan do you start a trace? Write the number.",
                            "48",
                            "forty-eight",
                            "48 hours",
                            why="Two days without a scan is too long in December.",
                            hint="Look at step 3: it is the same number as in step 2.",
                            objective="Knows when to trace",
                        ),
                    ),
                ),
            ),
        ),
        Chapter(
            "On the floor",
            (
                Text(
                    "Two chats at a time",
                    """On a busy Friday evening you will have two chats open. It is less than it sounds, if you keep one
rhythm:

1. Read both to the end before you type in either.
2. Answer the one that is waiting longer.
3. Before you look something up, say so: “one minute, I'm checking the stock”. A silence of 90 seconds with a word is
   shorter than one of 40 without.

:::callout warning One window, one customer
Read the name before you send. A line in the wrong window is the one mistake that we cannot take back for you.
:::

You are paid for every minute in which you are signed in to your shift, waiting included. There is no prize for closing
chats fast. There is one for closing them well.

:::check silence
:::
""",
                    (
                        choice(
                            "silence",
                            "You need a minute to check the stock. What do you do first?",
                            ("Say that you are checking and how long it takes.", True, "A word makes the wait short."),
                            (
                                "Check quickly and come back with the answer.",
                                False,
                                "For them the window just went silent.",
                            ),
                            ("Ask them to wait and close the chat.", False, "They would have to begin again."),
                            objective="Keeps two chats going",
                        ),
                    ),
                ),
                Text(
                    "Handing over",
                    """Some chats are not yours to solve: a charge nobody recognises, a threat, somebody who is not well, or
a customer who asks for a person of Alder & Wren. Then you hand over. It costs you nothing; a justified hand-over is paid.

Two sentences are enough:

> Wants the blanket refunded, because it came with a hole; photo is in the order. I offered a replacement, she prefers the
> money.

What she wants, what you did. No judgement of how she said it.

:::callout note If somebody is in danger
Hand over at once with the button **Urgent** and stay in the chat until a colleague has taken it.
:::

:::check hand-over
:::
""",
                    (
                        choice(
                            "hand-over",
                            "Which line is a good hand-over?",
                            (
                                "“Wants a refund for order AW-20418, arrived with a hole. Offered a replacement, declined.”",
                                True,
                                "What is wanted, what was done. Your colleague can go on at once.",
                            ),
                            (
                                "“Very rude customer, please take over.”",
                                False,
                                "It says how you felt, not what to do. The customer would have to tell it all again.",
                            ),
                            ("“Refund?”", False, "Too short: for what, and why, and what was offered?"),
                            objective="Hands over well",
                        ),
                    ),
                ),
            ),
        ),
    ),
)
