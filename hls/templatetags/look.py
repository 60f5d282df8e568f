"""The parts of a page; docs/parts.md shows each one in use."""

from functools import cache, lru_cache
from html import escape

from django import template
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from hls.look import stones, words
from hls.look.forms import CHOOSE, REQUIRED, field_context
from hls.look.icons import PATHS

register = template.Library()

for _name in ("few", "lives", "ago_days", "day", "iso", "clock", "moment"):
    register.filter(_name, getattr(words, _name))

register.simple_tag(stones.level, name="level")
register.simple_tag(stones.scale, name="scale")

CHOSEN = mark_safe(" selected")
CURRENT = {"": "", "page": mark_safe(' aria-current="page"'), "true": mark_safe(' aria-current="true"')}
ICON_CLASS = {"": "icon", "small": "icon icon-s", "inline": "icon icon-s inline"}
NOTICE_ICON = {"": "leaf", "good": "check", "warm": "clock", "stop": "warn"}
SAVED_ICON = {
    "typing": "clock",
    "saved": "check",
    "offline": "phone",
    "failed": "warn",
    "clash": "page",
}


@register.simple_tag
@cache
def icon(name, size=""):
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        ICON_CLASS[size],
        mark_safe(PATHS[name]),
    )


@register.simple_tag
def tag(text, kind=""):
    return mark_safe(
        f'<span class="tag{" " if kind else ""}{conditional_escape(kind)}">{conditional_escape(text)}</span>'
    )


@register.simple_tag
def who_sees(kind, text):
    """Say who reads this, where it is written: everyone named (`shared`) or only a few (`private`)."""
    lead, mark = {"shared": ("Who sees this", "eye"), "private": ("Private", "lock")}[kind]
    return format_html(
        '<p class="who-sees">{} <span>{}: {}</span></p>',
        icon(mark, "small"),
        lead,
        text,
    )


@register.simple_tag
def notice(text, kind=""):
    role = mark_safe(' role="status"') if kind == "good" else ""
    return format_html(
        '<p class="notice{}{}"{}>{} <span>{}</span></p>',
        " " if kind else "",
        kind,
        role,
        icon(NOTICE_ICON[kind], "small"),
        text,
    )


@register.simple_tag
def saved(state, text=""):
    return format_html(
        '<output class="saved" data-state="{}">{} <span data-words>{}</span></output>',
        state,
        icon(SAVED_ICON[state], "small"),
        text,
    )


@register.inclusion_tag("parts/voice.html")
def voice(text, by=""):
    return {"text": text, "by": by}


@register.inclusion_tag("parts/echo.html")
def echo(said, changed="", waiting="", heading=3):
    return {
        "said": said,
        "changed": changed,
        "waiting": waiting,
        "heading": f"h{int(heading)}",
    }


@register.inclusion_tag("parts/empty.html")
def empty_state(title, text="", url="", label="", heading=2):
    return {
        "title": title,
        "text": text,
        "url": url,
        "label": label,
        "heading": f"h{int(heading)}",
        "cairn": stones.drawing(stones.FIVE_PATHS, (), extra=" big"),
    }


@register.simple_tag
def bar(items, path):
    """The items of a front door's bar, with the one marked that leads here, or to what this page hangs from."""
    return _bar(tuple((item.url, _current(item, path), item.icon, item.label) for item in items))


def _current(item, path):
    return "" if not item.current else "page" if item.url == path else "true"


@lru_cache(200)
def _bar(items):
    line = '\n        <li><a href="{}"{}>{}<span>{}</span></a></li>'
    return format_html_join(
        "", line, ((url, CURRENT[current], icon(mark), label) for url, current, mark, label in items)
    )


@register.simple_tag
@lru_cache(200)
def views(choices, chosen=""):
    """The parts of a list as links, for parts that are the same for everybody: a tuple of (key, words, address)."""
    line = '\n    <a href="{}"{}>{}</a>'
    return format_html_join(
        "", line, ((address, CURRENT["page" if key == chosen else ""], words) for key, words, address in choices)
    )


@register.simple_tag
@lru_cache(200)
def options(choices, chosen=""):
    """The options of a select, for choices that are the same for everybody: a tuple of (value, label)."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, CHOSEN if value == chosen else "", label) for value, label in choices),
    )


@register.simple_tag
def options_of(rows, chosen=None):
    """The options of a select for rows, as (key, name), of which each person has others."""
    return mark_safe(
        "".join(
            f'<option value="{escape(str(key))}"{CHOSEN if key == chosen else ""}>{escape(str(name))}</option>'
            for key, name in rows
        )
    )


@register.simple_tag
def choice_tag(choice):
    """One radio or tick of a field: what Django's three templates for it give, without them. A form has dozens."""
    data = choice.data
    value = "" if data["value"] is None else format_html(' value="{}"', data["value"])
    attrs = {name: value for name, value in data["attrs"].items() if value is not False}
    return format_html('<input type="{}" name="{}"{}{}>', data["type"], data["name"], value, flatatt(attrs))


@register.tag
def constant(parser, token):
    """What is between this and `endconstant` is the same on every page for everyone, so it is put together once.

    It is rendered without any of the page's values, so that nobody's words can stay in it.
    """
    inside = parser.parse(["endconstant"])
    parser.delete_first_token()
    return ConstantNode(inside)


class ConstantNode(template.Node):
    def __init__(self, nodelist):
        self.nodelist, self.text = nodelist, None

    def render(self, context):
        if self.text is None:
            self.text = self.nodelist.render(context.new())
        return self.text


STEP_WORDS = ("title", "when", "by", "text")


@register.inclusion_tag("parts/path.html")
def path(steps):
    """Where something has been and where it is going; each step may be a dict or an object."""
    return {"steps": [{word: _of(step, word) for word in STEP_WORDS} for step in steps]}


def _of(step, word):
    return step.get(word, "") if isinstance(step, dict) else getattr(step, word, "")


STAGES = [
    ("purpose", "Purpose"),
    ("understand", "Understand the system"),
    ("co-design", "Co-design experiments"),
    ("do and learn", "Do and learn"),
    ("embed and influence", "Embed and influence"),
]


@register.inclusion_tag("parts/stages.html")
def stages(now):
    """The five stages, with the one the cycle is at marked: a number from 1, or a stage's key."""
    said = str(now).lower().replace("_", " ")
    keys = [key for key, _ in STAGES]
    at = int(said) - 1 if said.isdigit() else keys.index(said)
    return {"stages": [(name, index == at) for index, (_, name) in enumerate(STAGES)]}


@register.inclusion_tag("parts/figure.html")
def figure(svg, question, n="", table=None, voiced=True):
    return {"svg": svg, "question": question, "n": n, "table": table, "voiced": voiced}


PAGER = '<nav class="cluster pager" aria-label="More of this list">\n  {}\n  {}\n</nav>'
TO_MORE = '<a class="button quiet" href="{}" rel="{}">{}</a>'


@register.simple_tag
def pager(older="", newer="", back="Newer", on="Older"):
    """`back` and `on` are the words of the two, for a list whose newest is not its first."""
    if not (older or newer):
        return ""
    return format_html(
        PAGER,
        format_html(TO_MORE, newer, "prev", back) if newer else "",
        format_html(TO_MORE, older, "next", on) if older else "",
    )


@register.simple_tag(takes_context=True)
def here(context, name, value=""):
    """This page's address with one query value changed; the place in a list starts again."""
    query = context["request"].GET.copy()
    for gone in (name, "before", "after", "page"):
        query.pop(gone, None)
    if value not in (None, ""):
        query[name] = value
    return "?" + query.urlencode()


@register.inclusion_tag("parts/field.html")
def field(bound, **wishes):
    """Wishes: `label` and `hint` instead of the form's own, `layout`, `short`, `optional`, `rows`."""
    return field_context(bound, **wishes)


@register.inclusion_tag("parts/error_summary.html")
def error_summary(form):
    """What to put right, each line a link to its box; a formset or a list of forms is welcome too."""
    forms = form if isinstance(form, (list, tuple)) else getattr(form, "forms", None) or [form]
    general, lines = [], []
    for one in forms:
        if one is None or not one.is_bound:
            continue
        general += list(one.non_field_errors())
        for name, errors in one.errors.items():
            if name in one.fields:
                lines += [(one[name], _named(one[name], error)) for error in errors]
    if hasattr(form, "non_form_errors"):
        general += list(form.non_form_errors())
    return {
        "general": general,
        "lines": [(_target(bound), error) for bound, error in lines],
    }


def _named(bound, error):
    """Our stock words say what to do but not where; beside the box the label does that."""
    if error not in (REQUIRED, CHOOSE):
        return error
    asks = str(bound.label).endswith("?")
    return f"{bound.label} {error}" if asks else f"{bound.label}: {error[0].lower()}{error[1:]}"


def _target(bound):
    """The id of the first control of a field, so that the link puts the cursor there."""
    first = bound.id_for_label or (bound.subwidgets and bound.subwidgets[0].id_for_label)
    return first or bound.auto_id
