from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "gigcx.notify"
    label = "notify"
    verbose_name = "Notify"
