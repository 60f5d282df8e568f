"""Drawings: rows in, accessible SVG text out, the same on a page and in a PDF. No chart library, no script."""

from .ageing import ageing, ageing_table
from .bars import bar, before_after, before_after_table, columns, columns_table
from .flow import flow, flow_words
from .paint import for_paper
from .path import At, path
from .run import Point, longest_run, run_chart, run_median, run_note, run_table, sparks
from .spread import belief_spread
from .stack import cairn, stack
from .stone import stone
from .system_map import Part, Tie, lay_out_map, map_key, most_tied, system_map
from .trace import trace
from .wheel import wheel

__all__ = [
    "At",
    "Part",
    "Point",
    "Tie",
    "ageing",
    "ageing_table",
    "bar",
    "before_after",
    "before_after_table",
    "belief_spread",
    "cairn",
    "columns",
    "columns_table",
    "flow",
    "flow_words",
    "for_paper",
    "lay_out_map",
    "longest_run",
    "map_key",
    "most_tied",
    "path",
    "run_chart",
    "run_median",
    "run_note",
    "run_table",
    "sparks",
    "stack",
    "stone",
    "system_map",
    "trace",
    "wheel",
]
