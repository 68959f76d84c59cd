"""Money, clock, ids, errors, states, events and intervals.

Pure: no tables, no web, no settings. Every other package may import it, it imports none of them.
"""
