"""On one machine: `make run`."""

import base64
import hashlib
from pathlib import Path

from gigcx.settings import env
from gigcx.settings.base import *  # noqa: F403  settings inherit by name
from gigcx.settings.base import BASE_DIR, SECRET_KEY
from gigcx.settings.logs import logging_config

DEBUG = env.flag("DEBUG", default=False)  # people see the product's own pages for what went wrong
DEMO_STAYS_ALIVE = env.flag("DEMO", default=True)
SHOWS_STYLE_PAGE = env.flag("STYLE_PAGE", default=True)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", ".localhost", "testserver"]
EMAIL_BACKEND = "gigcx.notify.mailbox.MailboxBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
LOCAL_DIR = Path(env.text("GIGCX_LOCAL_DIR", str(BASE_DIR / ".local"))).expanduser()
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(LOCAL_DIR / "media")))
VAULT_ROOT = MEDIA_ROOT / "vault"
VAULT_KEYS = env.words("VAULT_KEYS") or [base64.b64encode(hashlib.sha256(SECRET_KEY.encode()).digest()).decode()]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR_REQUIRED", default=False)
LOGGING = logging_config(is_json=env.flag("LOG_JSON", default=False), level=env.text("LOG_LEVEL", "INFO"))
