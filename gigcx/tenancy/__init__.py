"""Brands, their members, who is asking, and what they may reach.

A tenant-owned table cannot be read without saying on whose behalf; the URL says which brand; a foreign thing looks exactly
like one that does not exist.
"""
