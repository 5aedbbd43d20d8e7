"""
A look at one row, or one conditional change and the rows that are written where it matched, as SQL that is made once.

SQLAlchemy writes the SQL for both engines and is not asked again for each claim, which took it longer than the database
takes to do it.  Everything that may differ from one claim to the next is a parameter, the time of tests too.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from sqlalchemy import Delete, Dialect, Select, Table, Update

Row: TypeAlias = dict[str, object]
Rows: TypeAlias = list[tuple[Table, list[Row]]]
Looked: TypeAlias = Any
"""A row of a result: its columns are its attributes."""
Statement: TypeAlias = "Select[Any] | Update | Delete"

MOST_LOOKS: Final = 8
"""How often a verb looks again where its change found another row than it had seen: a guess waits after the third."""


@dataclass(frozen=True)
class Change:
    """
    One commit: `statement` decides whether it happens, and returns a row where it does.

    Then, and only then, `rows` are written, those of one table with the same columns, and `deletes` done.  `given` are
    the parameters of all statements.
    """

    statement: Update
    given: Mapping[str, object] = field(repr=False)
    rows: Rows = field(repr=False)
    deletes: tuple[Delete, ...] = ()


class Prepared:
    """SQL for one engine, the order of its parameters, and what a row of its result is made into."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self.order = tuple(compiled.positiontup or ())
        # Without those that have no value: what nobody gave is an error, and not NULL.
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}
        names = [column.name for column in statement.exported_columns]
        looked: Any = namedtuple("Looked", names)  # type: ignore[misc]
        self._row: Callable[[Iterable[object]], Looked] = looked._make

    def arguments(self, given: Mapping[str, object]) -> list[object]:
        """In the order of the text.  Raises KeyError for a parameter that nobody gave."""
        return [self.argument(name, given) for name in self.order]

    def argument(self, name: str, given: Mapping[str, object]) -> object:
        """The value of one parameter.  Raises KeyError where nobody gave it."""
        return given[name] if name in given else self._constants[name]

    def rows(self, found: Iterable[Iterable[object]]) -> list[Looked]:
        """The rows of the result."""
        return [self._row(one) for one in found]
