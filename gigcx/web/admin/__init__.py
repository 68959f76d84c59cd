"""Ops screens of the ground floor: audit, outbox, ticker, brands, people, mail."""

from gigcx.web.admin import audit, notify, people, tenancy

__all__ = ["audit", "notify", "people", "tenancy"]
