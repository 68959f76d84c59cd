"""Ops screens of money: board, runs, items, lines, switches. Nothing is edited; buttons call actions."""

from payments.admin import board, books, lines, runs

__all__ = ["board", "books", "lines", "runs"]
