"""Identity, assessments, grading, certification, and the one answer to "may this agent work here, then?"

Every grade can be rebuilt byte for byte; no machine takes an adverse decision; agents always see what is missing and what
to do next.
"""
