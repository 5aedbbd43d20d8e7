"""
What one person was handed as one HTML file: no script, nothing fetched, made to be printed and ticked off.

Whatever people chose (names, labels) is escaped by the template engine.
"""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from store.handed import Need
from store.incident.sheet import DO, Sheet

_STYLE = "summary.css"


def of(sheet: Sheet) -> str:
    """The page."""
    groups = [(need.name.lower(), [row for row in sheet.rows if row.to_do == DO[need]]) for need in Need]
    return _template().render(sheet=sheet, groups=groups)


@cache
def _template() -> Template:
    # One look for all that is printed: the summary of an evidence pack has it.
    places = {_STYLE: files("store.evidence"), "page.html": files(__package__ or "")}
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(lambda name: places[name].joinpath(name).read_text("utf-8")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")
