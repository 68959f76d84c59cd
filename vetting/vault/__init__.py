"""Where document images rest, unreadable to anybody who only has the disk or only has the database.

Each image is encrypted with AES-256-GCM under a key of its own; that key is wrapped by a key-encryption key which lives in
the settings alone. Erasing drops the wrapped key and then the file: what a backup still holds is noise.
"""

from gigcx.audit.sealing import Sealed, VaultFault, digest_of, open_sealed, open_text, seal, seal_text
from vetting.vault.images import MAX_BYTES, Picture, Refused, clean_upload, watermarked
from vetting.vault.shelf import discard, fetch, new_object_key, put

__all__ = [
    "MAX_BYTES",
    "Picture",
    "Refused",
    "Sealed",
    "VaultFault",
    "clean_upload",
    "digest_of",
    "discard",
    "fetch",
    "new_object_key",
    "open_sealed",
    "open_text",
    "put",
    "seal",
    "seal_text",
    "watermarked",
]
