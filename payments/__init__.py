"""Earnings, charges, the ledger, payouts, statements and the gateways to money.

Books always balance, a payout happens once whatever dies in the middle, and what was shown is what is paid.
"""
