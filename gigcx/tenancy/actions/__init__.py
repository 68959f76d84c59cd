"""Writes about brands, members and keys."""
