"""The people and the work they could do: agents, programs with their terms and prices, and engagements.

An engagement carries one agent through one program, from first interest to retirement. Every refusal has reasons and a
date; nobody is dropped silently. First of the stages: it hears nothing, later ones call down.
"""
