"""
Pages and letters out of templates: whatever is put into one is escaped, and nothing that it names may be missing.

Jinja is imported with the first of them, because most programs never write one.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class HtmlTemplate(Protocol):
    """One of them; as `jinja2.Template`."""

    def render(self, *args: Any, **values: Any) -> str:
        """The text."""


def html_template(
    source: Callable[[str], str],
    name: str,
    *,
    trims: bool = True,
    filters: Mapping[str, Callable[[Any], str]] | None = None,
) -> HtmlTemplate:
    """
    The template that `source` has under this name; its `render` raises jinja2's UndefinedError.

    `trims`: a line with nothing but a statement leaves none behind.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(source),
        undefined=StrictUndefined,
        trim_blocks=trims,
        lstrip_blocks=trims,
    )
    environment.filters.update(filters or {})
    template: HtmlTemplate = environment.get_template(name)
    return template
