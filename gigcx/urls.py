"""Addresses: public pages at the root, brands under /b/<slug>/, agents under /work/, ops under /admin/, the API under /api/v1/.

Stages are named as strings; each brings its own pages and its own part of the API.
"""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("", include("gigcx.web.urls")),
    path("", include("gigcx.web.notify_urls")),
    path("", include("gigcx.web.brand_urls")),
    path("api/v1/", include("gigcx.web.api.urls")),
    *(path("", include(f"{stage}.urls")) for stage in settings.STAGES),
    *(path("api/v1/", include(f"{stage}.api.urls")) for stage in settings.STAGES),
]

handler400 = "gigcx.web.views.failures.bad_request"
handler403 = "gigcx.web.views.failures.forbidden"
handler404 = "gigcx.web.views.failures.not_found"
handler500 = "gigcx.web.views.failures.server_error"
