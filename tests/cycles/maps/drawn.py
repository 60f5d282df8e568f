"""Maps to try, and how their pages are read."""

from itertools import pairwise

from django.urls import reverse

from cycles.maps import actions
from tests import factories as f


def add(cycle, by, *names, kind="actor"):
    return actions.add_elements(cycle=cycle, named=[(kind, name, "") for name in names], by=by)


def a_map(here, cycle=None, parts=5):
    """A ring of parts, each tied to the next."""
    cycle = cycle or here.cycle
    made = add(cycle, here.worker, *(f"Part {number}" for number in range(parts)))
    for one, other in pairwise(made):
        actions.tie_elements(cycle=cycle, source=one, target=other, effect="helps", basis="seen", by=here.worker)
    return made


def said_in(element):
    """Its words, cell by cell."""
    return " ".join(" ".join(element.itertext()).split())


def within(tree, tag):
    """Elements of a drawing, whatever the parser calls their kind."""
    return [e for e in tree.iter() if isinstance(e.tag, str) and e.tag.rpartition("}")[2] == tag]


def drawings(tree, kind="map"):
    return [svg for svg in within(tree, "svg") if kind in svg.get("class", "").split()]


def a_life(here):
    return f.CaseFactory(team=here.core, worker=here.worker, alias="Kayleigh")


def at(name, *args):
    return reverse(f"cycles:{name}", args=args)
