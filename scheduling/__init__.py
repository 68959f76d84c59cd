"""Demand, capacity requests, shifts, claims, attendance and the verified minutes.

Never double-booked across all brands, no seat given twice: database constraints say so. Every refusal says why.
"""
