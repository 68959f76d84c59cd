"""Making shifts that cover a requirement. Pure: numbers in, shifts and an honest bound out.

Objective: minutes under + minutes over + a cost for every distinct shift (a start and length used on any day). How it is
reached and why the bound holds: `docs/algorithms/shift-design.md`.
"""
