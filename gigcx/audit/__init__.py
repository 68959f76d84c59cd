"""One line of history for every change, and the facts that other parts of the house react to.

`record` writes the audit entry and `publish` the outbox row, both inside the caller's transaction: if either fails, the
change did not happen. A dispatcher hands facts to their listeners at least once; listeners are idempotent by constraint.
"""
