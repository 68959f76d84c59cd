from django.urls import URLPattern, URLResolver

app_name = "vetting"
urlpatterns: list[URLPattern | URLResolver] = []
