"""AES-256-GCM envelopes (NIST SP 800-38D): a data key for each object, wrapped by a key-encryption key.

Who opens one writes a line into the audit trail.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE: Final = 12
_VERSION: Final = 8


class VaultFault(Exception):
    """The bytes cannot be opened: a missing key, or something changed them."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Ciphertext with the wrapped data key and the version of the key that wrapped it."""

    ciphertext: bytes
    wrapped_key: bytes
    kek_version: str


def seal(plain: bytes, *, context: str) -> Sealed:
    """This function will encrypt bytes under a new key and wrap that key with the newest key-encryption key.

    `context` (say, the object's name) is authenticated with the bytes: they open under the same context only.
    """
    version, kek = _newest()
    data_key = AESGCM.generate_key(bit_length=256)
    return Sealed(_encrypt(data_key, plain, context), _encrypt(kek, data_key, context), version)


def open_sealed(sealed: Sealed, *, context: str) -> bytes:
    """This function will return the plain bytes.

    Raises:
        VaultFault: the key is gone, the context differs, or a bit was changed.
    """
    data_key = _decrypt(_key(sealed.kek_version), sealed.wrapped_key, context)
    return _decrypt(data_key, sealed.ciphertext, context)


def seal_text(text: str, *, context: str) -> bytes:
    """This function will encrypt a short text directly under the newest key-encryption key; its version goes in front."""
    version, kek = _newest()
    return version.encode() + _encrypt(kek, text.encode(), context)


def open_text(blob: bytes | memoryview | None, *, context: str) -> str:
    """This function will return the text, "" for nothing.

    Raises:
        VaultFault: as `open_sealed`.
    """
    if not blob:
        return ""
    raw = bytes(blob)
    return _decrypt(_key(raw[:_VERSION].decode()), raw[_VERSION:], context).decode()


def digest_of(content: bytes) -> str:
    """This function will return an HMAC-SHA-256 of the content in hex: equal images match, and nobody can guess from it."""
    return hmac.new(settings.FINGERPRINT_KEY.encode(), content, hashlib.sha256).hexdigest()


def _encrypt(key: bytes, plain: bytes, context: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def _decrypt(key: bytes, blob: bytes, context: str) -> bytes:
    try:
        return AESGCM(key).decrypt(blob[:_NONCE], blob[_NONCE:], context.encode())
    except (InvalidTag, ValueError) as broken:
        raise VaultFault("the bytes do not open") from broken


def _keys() -> list[bytes]:
    keys = [base64.b64decode(key) for key in settings.VAULT_KEYS]
    if not keys or any(len(key) != 32 for key in keys):
        raise VaultFault("VAULT_KEYS must hold at least one base64 key of 32 bytes")
    return keys


def _version_of(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:_VERSION]


def _newest() -> tuple[str, bytes]:
    key = _keys()[0]
    return _version_of(key), key


def _key(version: str) -> bytes:
    known = {_version_of(key): key for key in _keys()}
    if version not in known:
        raise VaultFault("the key that wrapped this is not in VAULT_KEYS")
    return known[version]
