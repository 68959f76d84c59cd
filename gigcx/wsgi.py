"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gigcx.settings.prod")

application = get_wsgi_application()
reverse("web:healthz")  # reads every address now: the first visitor of each process would wait for it otherwise
