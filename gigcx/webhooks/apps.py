from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "gigcx.webhooks"
    label = "webhooks"
    verbose_name = "Webhooks"
