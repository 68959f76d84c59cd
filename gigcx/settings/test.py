"""What the test suite runs with: the real database and queue, quick hashing, mail in memory."""

import base64
import os

# Parallel test processes must not count each other's requests: each has five numbered databases of the broker, the first
# for itself and four for the products it runs.
if _worker := os.environ.get("PYTEST_XDIST_WORKER", ""):
    _broker = os.environ.get("REDIS_URL", "redis://localhost:6379/0").split("?")[0]
    os.environ["REDIS_URL"] = f"{_broker}?db={5 * int(_worker.removeprefix('gw')) + 1}"

from gigcx.local.folders import local_folder
from gigcx.settings.base import *  # noqa: F403  settings inherit by name
from gigcx.settings.logs import logging_config

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105  not a secret: nothing outside the test run is protected by it
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = local_folder().below("test").path / "media"  # of this clone alone: several people may test on one machine
VAULT_ROOT = MEDIA_ROOT / "vault"
VAULT_KEYS = [base64.b64encode(b"t" * 32).decode()]
FINGERPRINT_KEY = "only-for-tests"
PAYMENTS_MODE = "sandbox"
STRIPE_API_KEY = ""
SECOND_FACTOR_REQUIRED = False  # its own tests switch it on
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
LOGGING = logging_config(is_json=False, level="ERROR")
