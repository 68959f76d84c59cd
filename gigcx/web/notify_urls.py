"""Addresses of the bell, its settings and the development mailbox."""

from django.urls import path

from gigcx.web.views import mailbox, notifications

app_name = "notify"
urlpatterns = [
    path("notifications/", notifications.inbox, name="inbox"),
    path("notifications/read/", notifications.read_all, name="read-all"),
    path("notifications/settings/", notifications.preferences, name="preferences"),
    path("notifications/<uuid:notification_id>/", notifications.open_one, name="open"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<int:message_id>/", mailbox.message, name="mailbox-message"),
]
