"""The words of the look in templates: icons, initials, fields of a form."""

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from rapporto.web.fields import FormField, from_bound_field
from rapporto.web.icons import icon_html, initials_html

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "phone" %}, or {% icon "phone" label=_("Phone") %} where no word stands beside it."""
    return icon_html(name, label)


@register.simple_tag(name="initials")
def initials_tag(name: str) -> SafeString:
    """{% initials person.name %}: the round mark of a person."""
    return initials_html(str(name))


@register.filter
def field(of: Any) -> Any:
    """{{ form.name|field }}: a field of a Django form, or a mapping, as the object that `_field.html` draws."""
    if isinstance(of, BoundField):
        return from_bound_field(of)
    return FormField(**of) if isinstance(of, dict) else of


@register.filter
def softly(text: Any) -> SafeString:
    """{{ fact.value|softly }}: a mail address breaks after its @ when it must break at all."""
    return mark_safe(escape(text).replace("@", "@<wbr>"))
