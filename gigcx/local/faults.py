"""What can be wrong with the machine, said in one line."""


class LocalFault(Exception):
    """Something on this machine stops the product; the message says what and what to do."""
