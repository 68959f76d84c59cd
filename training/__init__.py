"""Courses, their versions and pages, enrolments and the time learning takes.

Nobody loses progress, publishing never pays or certifies by itself, and training time is stated exactly once.
"""
