"""`{% url %}` as Django's own, with what it found remembered: a page asks for a dozen addresses, and they stay as they are."""

from django import template
from django.template import defaulttags
from django.utils.html import conditional_escape

from hls.addresses import address

register = template.Library()


@register.tag
def url(parser, token):
    node = defaulttags.url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


class AddressNode(defaulttags.URLNode):
    def render(self, context):
        if self.kwargs or self.asvar:
            return super().render(context)
        args = tuple(str(arg.resolve(context)) for arg in self.args)
        found = address(self.view_name.resolve(context), *args)
        return conditional_escape(found) if context.autoescape else found
