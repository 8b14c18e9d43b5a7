"""The question in the language of each database; what it answers is the same on both.

The databases rank differently, so they are only asked for candidates, the newest first; which of
them fits best is decided in Python (forum/search/ranking.py).
"""

from collections.abc import Iterable

from django.db import connection

from forum.search.narrowing import Marks
from forum.search.queries import Asked, Word

TEXT_CANDIDATES = 400
TITLE_CANDIDATES = 200
PHRASE_CANDIDATES = 1_500  # where the words stand; whether in their order is seen afterwards
NO_MARKS = Marks()

# FTS5 reads its lists from their end and stops when it has enough.
ON_SQLITE = """SELECT rowid FROM search_{column}s
    WHERE search_{column}s MATCH %s AND rowid <= %s ORDER BY rowid DESC LIMIT %s"""
# The books of 8,192 entries one after the other, the newest first, until there are enough. The sum
# keeps PostgreSQL from reading the table from its end instead of the index.
ON_POSTGRESQL = """SELECT found.id
    FROM generate_series(%s >> 13, 0, -1) AS book(number), LATERAL (
        SELECT id FROM search_entry
        WHERE {column}_words @@ replace(%s, '#', book.number::text)::tsquery AND id <= %s
        ORDER BY id + 0 DESC
    ) AS found LIMIT %s"""


def candidates(
    asked: Asked, marks: Marks = NO_MARKS, *, until: int, is_in_titles: bool = False
) -> list[int]:
    """The pks of the newest entries up to `until` that have all the words and marks: in the title,
    or anywhere.

    Units: at most TITLE_CANDIDATES and TEXT_CANDIDATES; more for phrases. Queries: two at most.
    """
    titles = _newest(asked, marks, "title", until, TITLE_CANDIDATES)
    if is_in_titles:
        return titles
    texts = _newest(asked, marks, "text", until, text_limit(asked))
    return list(dict.fromkeys([*titles, *texts]))


def text_limit(asked: Asked) -> int:
    """How many candidates there are at most by their texts: the results may be more."""
    return PHRASE_CANDIDATES if asked.phrases else TEXT_CANDIDATES


def _newest(asked: Asked, marks: Marks, column: str, until: int, limit: int) -> list[int]:
    parameters: list[str | int]
    if connection.vendor == "sqlite":
        sql, parameters = ON_SQLITE, [fts5(asked, marks), until, limit]
    else:
        sql, parameters = ON_POSTGRESQL, [until, tsquery(asked, marks), until, limit]
    with connection.cursor() as cursor:
        cursor.execute(sql.format(column=column), parameters)
        return sorted((pk for (pk,) in cursor.fetchall()), reverse=True)


def fts5(asked: Asked, marks: Marks = NO_MARKS) -> str:
    """The question for SQLite; terms hold letters, digits and underscores only."""
    between = " OR " if asked.is_any else " AND "
    wanted = between.join(f"({_any_of_fts5(word)})" for word in asked.words)
    groups = "".join(f" AND ({' OR '.join(map(_quoted, group))})" for group in marks.groups)
    unwanted = [_any_of_fts5(word) for word in asked.unwanted] + [*map(_quoted, marks.barred)]
    return f"(({wanted}){groups})" + (f" NOT ({' OR '.join(unwanted)})" if unwanted else "")


def _any_of_fts5(word: Word) -> str:
    quoted = [_quoted(term) for term in _terms(word)]
    return " OR ".join([*quoted, *([f'"{word.prefix}" *'] if word.prefix else [])])


def _quoted(term: str) -> str:
    return f'"{term}"'


def tsquery(asked: Asked, marks: Marks = NO_MARKS) -> str:
    """The question for PostgreSQL, with `#` for the book; terms hold no such sign."""
    between = " | " if asked.is_any else " & "
    wanted = between.join(f"({_any_of_tsquery(word)})" for word in asked.words)
    groups = "".join(f" & ({' | '.join(map(_in_book, group))})" for group in marks.groups)
    unwanted = [_any_of_tsquery(word) for word in asked.unwanted] + [*map(_in_book, marks.barred)]
    return f"({wanted}){groups}{''.join(f' & !({each})' for each in unwanted)}"


def _any_of_tsquery(word: Word) -> str:
    inside = [_in_book(term) for term in _terms(word)]
    return " | ".join([*inside, *([f"'#:{word.prefix}':*"] if word.prefix else [])])


def _in_book(term: str) -> str:
    return f"'#:{term}'"


def _terms(word: Word) -> Iterable[str]:
    return sorted(word.any_term)
