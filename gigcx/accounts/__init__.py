"""The person who signs in: one account, one e-mail address, several hats.

Sign-in, verification, second factor and sessions are django-allauth's; its hooks live here and nowhere else.
"""
