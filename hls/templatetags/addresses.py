"""`{% url %}` as Django's own, with what it found remembered: a page asks for a dozen addresses, and they stay as they are."""

from functools import lru_cache

from django import template
from django.template import defaulttags
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape

register = template.Library()

KEPT_MOST = 4096


@register.tag
def url(parser, token):
    node = defaulttags.url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


class AddressNode(defaulttags.URLNode):
    def render(self, context):
        if self.kwargs or self.asvar:
            return super().render(context)
        args = tuple(str(arg.resolve(context)) for arg in self.args)
        found = _address(self.view_name.resolve(context), args, get_urlconf(), get_script_prefix())
        return conditional_escape(found) if context.autoescape else found


@lru_cache(KEPT_MOST)
def _address(name, args, urlconf, prefix):
    return reverse(name, urlconf, args)
