"""Signing up, and the mail that follows."""

from tests.browser.steps.seats import PASSWORD, Seat


def signs_up(seat: Seat, name: str, email: str) -> None:
    """Make an account and confirm its address with the letter in the mailbox."""
    seat.go("/")
    seat.go("/account/signup/")
    makes_account(seat, name, email)


def makes_account(seat: Seat, name: str, email: str) -> None:
    """Fill the sign-up form that is open, then follow the link in the letter."""
    seat.types(full_name=name, email=email, password1=PASSWORD)
    seat.presses("Make my account")
    seat.sees("Check your mail")
    follows_letter(seat, email, "/account/confirm-email/")
    seat.sees("Is this your address?", email)
    seat.presses("Yes, confirm it")


def follows_letter(seat: Seat, email: str, address: str) -> None:
    """Open the newest letter to somebody and follow the link in it that leads there; a worker may still be sending it."""
    for _look in range(60):
        seat.go(f"/mailbox/?to={email}")
        letters = seat.page.locator("main ul a.link-row")
        if letters.count():
            letters.first.click()
            seat.sees(email)
        link = seat.page.locator(f"main a[href*='{address}']").first
        if link.count():
            return link.click()
        seat.page.wait_for_timeout(500)
    raise AssertionError(f"no letter to {email} leads to {address}")
