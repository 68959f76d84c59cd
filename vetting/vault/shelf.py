"""Files of ciphertext under VAULT_ROOT, by random names that say nothing."""

import os
import secrets
from pathlib import Path

from django.conf import settings

from gigcx.audit.sealing import VaultFault


def new_object_key() -> str:
    """This function will return a random name of 64 hexadecimal digits."""
    return secrets.token_hex(32)


def put(object_key: str, ciphertext: bytes) -> None:
    """This function will write ciphertext so that it is there whole or not at all."""
    target = _path(object_key)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_suffix(".part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(ciphertext)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)


def fetch(object_key: str) -> bytes:
    """This function will return the ciphertext.

    Raises:
        VaultFault: the file is gone or unreadable.
    """
    try:
        return _path(object_key).read_bytes()
    except OSError as missing:
        raise VaultFault("the file is not in the vault") from missing


def discard(object_key: str) -> None:
    """This function will remove the file; one that is gone already is fine."""
    _path(object_key).unlink(missing_ok=True)


def _path(object_key: str) -> Path:
    if len(object_key) != 64 or not set(object_key) <= set("0123456789abcdef"):
        raise VaultFault("that is not the name of an object")
    return Path(settings.VAULT_ROOT) / object_key[:2] / object_key
