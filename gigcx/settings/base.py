"""What holds everywhere. Stages are named here as strings only."""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from gigcx.settings import env
from gigcx.settings.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent.parent

SECRET_KEY = env.text("SECRET_KEY", "development-only-never-used-in-production")
DEBUG = False
DEMO_STAYS_ALIVE = False  # only a demo installation moves its crowd; settings/dev.py
SHOWS_STYLE_PAGE = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("SITE_URL", "http://localhost:8000")

STAGES = ["recruiting", "vetting", "training", "scheduling", "payments"]
GROUND_FLOOR = [
    "gigcx.audit",
    "gigcx.accounts",
    "gigcx.tenancy",
    "gigcx.webhooks",
    "gigcx.notify",
    "gigcx.web",
]
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "gigcx.web.admin_app.GigcxAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "heroicons",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_structlog",
    "django_prometheus",
    "django_linear_migrations",
    *GROUND_FLOOR,
    *STAGES,
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gigcx.web.middleware.request_id",
    "csp.middleware.CSPMiddleware",
    "gigcx.web.middleware.admin_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gigcx.accounts.middleware.session_limits",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "gigcx.web.middleware.person",
    "gigcx.web.middleware.domain_errors",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "gigcx.urls"
WSGI_APPLICATION = "gigcx.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "gigcx.web.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "gigcx.web.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "gigcx.web.rendering.HouseRenderer"

# Data ---------------------------------------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": {
        **dj_database_url.parse(
            env.text("DATABASE_URL", "postgresql:///gigcx"),
            conn_max_age=60,
            conn_health_checks=True,
            disable_server_side_cursors=env.flag("DATABASE_POOLED"),  # behind a transaction pooler
        ),
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": False,
    }
}
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"] |= {"connect_timeout": 5, "application_name": "gigcx"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL", "redis://localhost:6379/0")
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "gigcx.web.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Files --------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "assets" / "dist", BASE_DIR / "assets" / "images"]
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / "media")))
VAULT_ROOT = Path(env.text("VAULT_ROOT", str(MEDIA_ROOT / "vault")))
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

# People -------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/start/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "gigcx.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "gigcx.accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
SECOND_FACTOR_REQUIRED = True
MFA_ADAPTER = "gigcx.accounts.second_factor.SecondFactorAdapter"
MFA_TOTP_ISSUER = "GigCX"
USERSESSIONS_TRACK_ACTIVITY = False  # two writes a request; gigcx.accounts.middleware notes activity now and then
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gigcx.web.views.failures.csrf_failure"

# Words, numbers, time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["gigcx.settings.formats"]
TIME_ZONE = "UTC"

# Mail ---------------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "GigCX <hello@gigcx.example>")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10

# Browser policy -----------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Queues -------------------------------------------------------------------------------------------------------------
QUEUES = ["default", "grading", "payouts", "routing", "packages", "solver", "notify", "webhooks", "sweeps"]
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,  # kombu would wait two seconds before it gives up, and a web request with it
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# API ----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "gigcx.web.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "gigcx.web.api.pagination.KeyPagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "gigcx.web.api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": env.number("NUM_PROXIES", 0),
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "GigCX Marketplace API",
    "DESCRIPTION": "Capacity, people, work and money of one brand, or of one agent.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "LanguageLevelEnum": "recruiting.states.Cefr",
        "DeclineCodeEnum": "recruiting.states.DeclineCode",
        "EarningKindEnum": "payments.states.EarningKind",
        "CauseOwnerEnum": "scheduling.states.CauseOwner",
        "RemedyKindEnum": "scheduling.states.RemedyKind",
        "ClaimKindEnum": "scheduling.states.ClaimKind",
        "UploadKindEnum": "scheduling.states.UploadKind",
        "SwapKindEnum": "scheduling.states.SwapKind",
        "RequirementKindEnum": "scheduling.states.RequirementKind",
        "DemandSourceEnum": "scheduling.states.DemandSource",
        "ClaimSourceEnum": "scheduling.states.ClaimSource",
        "WaitSourceEnum": "scheduling.states.WaitSource",
        "RemedyStateEnum": "scheduling.states.RemedyState",
        "ForecastStateEnum": "scheduling.states.ForecastState",
        "UploadStateEnum": "scheduling.states.UploadState",
        "ClaimStateEnum": "scheduling.states.ClaimState",
        "RequestStateEnum": "scheduling.states.RequestState",
        "ShiftStateEnum": "scheduling.states.ShiftState",
        "SessionStateEnum": "scheduling.states.SessionState",
        "WindowStateEnum": "scheduling.states.WindowState",
        "WaveStateEnum": "scheduling.states.WaveState",
        "DrawEntryStateEnum": "scheduling.states.DrawEntryState",
        "AssignmentStateEnum": "scheduling.states.AssignmentState",
        "WaitStateEnum": "scheduling.states.WaitState",
        "SwapStateEnum": "scheduling.states.SwapState",
        "IncidentStateEnum": "scheduling.states.IncidentState",
        "ExcusalStateEnum": "scheduling.states.ExcusalState",
        "VtoStateEnum": "scheduling.states.VtoState",
        "LineDisputeStateEnum": "payments.states.LineDisputeState",
        "InvoiceStateEnum": "payments.states.InvoiceState",
        "TopUpStateEnum": "payments.states.TopUpState",
        "InstantStateEnum": "payments.states.InstantState",
        "PayoutAccountStateEnum": "payments.states.PayoutAccountState",
        "PayoutStateEnum": "payments.states.ItemState",
        "TemplateStateEnum": "scheduling.states.TemplateState",
    },
}

# Money --------------------------------------------------------------------------------------------------------------
PAYMENTS_MODE = env.text("PAYMENTS_MODE", "sandbox")
STRIPE_API_KEY = env.text("STRIPE_API_KEY")
STRIPE_API_BASE = env.text("STRIPE_API_BASE")
STRIPE_WEBHOOK_SECRETS = env.words("STRIPE_WEBHOOK_SECRETS")
PAYOUT_PACE = env.number("PAYOUT_PACE", 15)
# Who invoices. Registrations are "place:rate in basis points:first day", such as "IE:2300:2021-03-01,US-NY:888:2024-01-01".
# A pretended seller stands in where no money moves; real money needs a real name before the first invoice is issued.
LEGAL_ENTITY = {
    "code": env.text("LEGAL_ENTITY_CODE", "GIGCX"),
    "name": env.text("LEGAL_ENTITY_NAME", "" if PAYMENTS_MODE == "live" else "GigCX Marketplace Ltd"),
    "address": env.text("LEGAL_ENTITY_ADDRESS", "1 Sample Quay, Dublin"),
    "country": env.text("LEGAL_ENTITY_COUNTRY", "IE"),
    "vat_id": env.text("LEGAL_ENTITY_VAT_ID"),
    "email": env.text("LEGAL_ENTITY_EMAIL", "billing@gigcx.example"),
    "bank": env.text("LEGAL_ENTITY_BANK"),
    "tax_registrations": env.words("TAX_REGISTRATIONS", "IE:2300:2021-03-01"),
}

# Secrets of our own -------------------------------------------------------------------------------------------------
# Key-encryption keys for identity documents, newest first, base64 of 32 bytes each.
VAULT_KEYS = env.words("VAULT_KEYS")
FINGERPRINT_KEY = env.text("FINGERPRINT_KEY", SECRET_KEY)

LOGGING = logging_config(is_json=env.flag("LOG_JSON", default=True), level=env.text("LOG_LEVEL", "INFO"))
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "GigCX ops",
    "SITE_HEADER": "GigCX ops",
    "SITE_URL": "/",
    "SHOW_HISTORY": False,
    "STYLES": ["gigcx.web.admin_app.stylesheet"],
    "ENVIRONMENT": "gigcx.web.admin_app.environment_label",
}
PROMETHEUS_EXPORT_MIGRATIONS = False
METRICS_TOKEN = env.text("METRICS_TOKEN")
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # addresses are unique whatever their case, by a constraint on lower(email)
