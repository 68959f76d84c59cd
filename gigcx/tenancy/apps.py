from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "gigcx.tenancy"
    label = "tenancy"
    verbose_name = "Brands and members"
