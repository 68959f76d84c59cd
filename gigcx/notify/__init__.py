"""Telling people what happened: in the app and by e-mail, as they prefer and when they are awake.

One place says which fact reaches whom. It reads the outbox like every other listener.
"""
