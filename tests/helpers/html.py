"""Pages read as a browser reads them: parsed by the HTML5 rules, so that nothing hides in odd markup."""

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.etree import ElementTree

from selectolax.lexbor import LexborHTMLParser

# What differs between two answers that are otherwise the same page.
PASSING = [
    (re.compile(r'nonce="[^"]*"'), 'nonce=""'),
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'), 'name="csrfmiddlewaretoken"'),
    (re.compile(r'"X-CSRFToken": "[^"]*"'), '"X-CSRFToken": ""'),
    (re.compile(r'name="client_id" value="[^"]*"'), 'name="client_id"'),
    (re.compile(r'value="[^"]*" name="client_id"'), 'name="client_id"'),
    (re.compile(r'data-(idle|absolute)-until="[^"]*"'), ""),
]


def steady(text):
    """The page without its nonces, tokens and clocks, so that two answers can be compared."""
    for pattern, put in PASSING:
        text = pattern.sub(put, text)
    return text


def parse(page):
    """An element tree of a response or a text."""
    text = page if isinstance(page, str) else page.content.decode()
    return _element(LexborHTMLParser(text).root)


def _element(node):
    made = ElementTree.Element(node.tag, {name: value or "" for name, value in node.attributes.items()})
    child = (node.template_fragments()[0] if node.tag == "template" else node).child
    last = None
    while child is not None:
        if child.is_text_node:
            if last is None:
                made.text = (made.text or "") + child.text_content
            else:
                last.tail = (last.tail or "") + child.text_content
        elif child.is_element_node or child.is_comment_node:
            last = _element(child) if child.is_element_node else ElementTree.Comment(child.comment_content)
            made.append(last)
        child = child.next
    return made


def by_id(tree, ident):
    return next((e for e in tree.iter() if e.get("id") == ident), None)


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def picture(element):
    """An element as nested tuples, white space and passing values left out: equal pictures, equal pages."""
    attributes = tuple(
        sorted((k, v) for k, v in element.attrib.items() if k not in ("nonce", "hx-headers", "data-focus"))
    )
    if element.get("name") in ("csrfmiddlewaretoken", "client_id"):
        attributes = tuple((k, v) for k, v in attributes if k != "value")
    children = []
    for child in element:
        if isinstance(child.tag, str):
            children.append(picture(child))
        children.append(" ".join((child.tail or "").split()))
    return element.tag, attributes, " ".join((element.text or "").split()), tuple(c for c in children if c)


@dataclass
class Control:
    """One thing to fill in: its name, its kind, the value it has now and those it offers."""

    name: str
    kind: str
    value: str = ""
    options: list = field(default_factory=list)

    @property
    def is_words(self):
        return self.kind in ("text", "textarea", "search", "email", "url", "tel", "password")


@dataclass
class Form:
    page: str
    action: str
    method: str
    controls: list

    def data(self):
        """What a browser would send if the person changed nothing."""
        sent = {}
        for control in self.controls:
            if control.kind in ("file", "button"):
                continue
            if control.kind in ("checkbox", "radio", "multiple"):
                if control.value:
                    sent.setdefault(control.name, []).extend(
                        control.value if isinstance(control.value, list) else [control.value]
                    )
            else:
                sent.setdefault(control.name, []).append(control.value)
        return sent

    @property
    def names(self):
        return sorted({c.name for c in self.controls if c.name != "csrfmiddlewaretoken"})


def forms(page, url):
    """Every form of a page or its tree, with where it leads and what it asks."""
    tree = page if hasattr(page, "iter") else parse(page)
    found = []
    for element in tree.iter("form"):
        inside = list(element.iter())
        if ident := element.get("id"):
            inside += [e for e in tree.iter() if e.get("form") == ident and e not in inside]
        found.append(
            Form(
                page=url,
                action=urljoin(url, element.get("action") or url),
                method=(element.get("method") or "get").lower(),
                controls=list(_controls(inside)),
            )
        )
    return found


def _controls(elements):
    grouped = {}
    for element in elements:
        name = element.get("name")
        if not name or element.get("disabled") is not None:
            continue
        if element.tag == "textarea":
            yield Control(name, "textarea", (element.text or "").removeprefix("\n"))
        elif element.tag == "select":
            options = [o.get("value", text_of(o)) for o in element.iter("option")]
            chosen = [o.get("value", text_of(o)) for o in element.iter("option") if o.get("selected") is not None]
            if element.get("multiple") is not None:
                yield Control(name, "multiple", chosen, options)
            else:
                yield Control(name, "select", (chosen or options[:1] or [""])[0], options)
        elif element.tag == "button":
            yield Control(name, "button", element.get("value", ""))
        elif element.tag == "input":
            kind = element.get("type", "text").lower()
            value = element.get("value", "on" if kind in ("checkbox", "radio") else "")
            if kind in ("checkbox", "radio"):
                control = grouped.setdefault((name, kind), Control(name, kind, []))
                control.options.append(value)
                if element.get("checked") is not None:
                    control.value.append(value)
            else:
                yield Control(name, "button" if kind in ("submit", "image") else kind, value)
    yield from grouped.values()
