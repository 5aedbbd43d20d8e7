"""
As many rows as there are, read a page at a time.

Every page begins after the last row of the one before, so that memory is bounded however much there is.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from sqlalchemy import Column, Row, Select, literal, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

PAGE: Final = 1000


async def pages(
    tx: AsyncConnection, query: Select[Any], *keys: Column[Any], size: int = PAGE
) -> AsyncIterator[Sequence[Row[Any]]]:
    """The rows of `query` in the order of `keys`, columns of it that are never NULL and together unique."""
    page = query
    while True:
        rows = (await tx.execute(page.order_by(*keys).limit(size))).all()
        if rows:
            yield rows
        if len(rows) < size:
            return
        last = rows[-1]._mapping  # noqa: SLF001 - the documented way to a row as a mapping
        page = query.where(tuple_(*keys) > tuple_(*(literal(last[key], key.type) for key in keys)))


async def one_by_one(tx: AsyncConnection, query: Select[Any], *keys: Column[Any]) -> AsyncIterator[Row[Any]]:
    """The same, row by row."""
    async for page in pages(tx, query, *keys):
        for row in page:
            yield row
