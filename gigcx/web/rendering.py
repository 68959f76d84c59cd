"""The form renderer, so that `{{ form }}` looks like our components everywhere."""

from django.forms.renderers import TemplatesSetting


class HouseRenderer(TemplatesSetting):
    """Fields through `_components/field.html`, forms through `_components/form_fields.html`."""

    form_template_name = "_components/form_fields.html"
    field_template_name = "_components/field.html"
