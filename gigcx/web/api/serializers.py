"""Shapes of the platform's own answers."""

from typing import Any

from rest_framework import serializers


class HatSerializer(serializers.Serializer[Any]):
    """A way to be here."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field may be called like an option of fields
    url = serializers.CharField()


class MeSerializer(serializers.Serializer[Any]):
    """Who asks."""

    id = serializers.UUIDField()
    signed_in_by = serializers.ChoiceField(choices=["person", "api_key"])
    full_name = serializers.CharField()
    email = serializers.EmailField()
    locale = serializers.CharField()
    timezone = serializers.CharField()
    hats = HatSerializer(many=True)
    scopes = serializers.ListField(child=serializers.CharField())


class BrandSerializer(serializers.Serializer[Any]):
    """A brand, and what the asker may do in it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.SlugField()
    legal_name = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1, two letters.")
    currency = serializers.CharField(help_text="ISO 4217, three letters.")
    timezone = serializers.CharField(help_text="IANA name.")
    brand_state = serializers.CharField(help_text="Where the account stands.")
    role = serializers.CharField()
    permissions = serializers.ListField(child=serializers.CharField())
