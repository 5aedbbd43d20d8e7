"""
What one person was handed as one HTML file: no script, nothing fetched, made to be printed and ticked off.

Whatever people chose (names, labels) is escaped by the template engine.
"""

from functools import cache
from importlib.resources import files

from store.handed import Need
from store.html_template import HtmlTemplate, html_template
from store.incident.sheet import DO, Sheet

# Names and labels are as long as people like, and a page wider than the screen hides what is to be done.
_TICKS = """
h1, .lead, .listed tbody th, .listed tbody td:nth-child(3) { overflow-wrap: anywhere; }
.tick { width: 1.6rem; }
.listed td:last-child { white-space: normal; }
.listed tbody th { min-width: 4.5rem; }
@media (max-width: 34rem) { .listed, .listed small { font-size: 12px; } .listed thead th { white-space: normal; } }
.tick span { display: inline-block; width: .85rem; height: .85rem; border: 1px solid #1b1f24; }
"""


def of(sheet: Sheet, *, demo: bool = False) -> str:
    """The page."""
    groups = [(need.name.lower(), [row for row in sheet.rows if row.to_do == DO[need]]) for need in Need]
    return _template().render(sheet=sheet, groups=groups, style=style(), demo=demo)


@cache
def style() -> str:
    """All of its style, which stands in it."""
    # One look for all that is printed: the summary of an evidence pack has it.
    return f"\n{files('store.evidence').joinpath('summary.css').read_text('utf-8')}{_TICKS}"


@cache
def _template() -> HtmlTemplate:
    source = lambda name: files(__package__ or "").joinpath(name).read_text("utf-8")  # noqa: E731
    return html_template(source, "page.html", filters={"when": _when})


def _when(text: str) -> str:
    """A time of UTC to the minute: on paper nobody needs more, and the table has it."""
    return f"{text[:10]} {text[11:16]} UTC"
