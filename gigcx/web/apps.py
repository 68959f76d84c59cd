from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "gigcx.web"
    label = "web"
    verbose_name = "Pages"
