"""The question in the language of each database; what it answers is the same on both.

The databases rank differently, so they are only asked for candidates, the newest first; which of
them fits best is decided in Python (forum/search/ranking.py).
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from forum.search.models import EntryQuerySet
from forum.search.queries import Asked, Word

TEXT_CANDIDATES = 400
TITLE_CANDIDATES = 200
SCANNED = 2_000  # hits of the index looked at first, before it is known who may read them


def candidates(entries: EntryQuerySet, asked: Asked, *, is_in_titles: bool = False) -> list[int]:
    """The pks of the newest of these entries that have all the words: in the title, or anywhere.

    Units: at most TITLE_CANDIDATES and TEXT_CANDIDATES. Queries: two, four where few of the newest
    hits are among the entries.
    """
    titles = _newest(entries, asked, "title", TITLE_CANDIDATES)
    if is_in_titles:
        return titles
    texts = _newest(entries, asked, "text", TEXT_CANDIDATES)
    return list(dict.fromkeys([*titles, *texts]))


def _newest(entries: EntryQuerySet, asked: Asked, column: str, limit: int) -> list[int]:
    if connection.vendor != "sqlite":
        return list(_matching(entries, asked, column).values_list("pk", flat=True)[:limit])
    # SQLite would read every hit of a common word before it looks at the first entry.
    first = _among_newest_hits(entries, asked, column, SCANNED)
    found = list(first.values_list("pk", flat=True)[:limit])
    if len(found) == limit or not _has_more(asked, column):
        return found
    everything = _among_newest_hits(entries, asked, column, -1)
    return list(everything.values_list("pk", flat=True)[:limit])


def _matching(entries: EntryQuerySet, asked: Asked, column: str) -> EntryQuerySet:
    is_hit = RawSQL(  # noqa: S611  # the column is one of two, the rest a parameter
        f"search_entry.{column}_words @@ %s::tsquery", [tsquery(asked)], BooleanField()
    )
    return entries.filter(is_hit).order_by("-pk")


def _among_newest_hits(
    entries: EntryQuerySet, asked: Asked, column: str, scanned: int
) -> EntryQuerySet:
    hits = RawSQL(  # noqa: S611  # the column is one of two, the rest parameters
        f"{_hits_in(column)} ORDER BY rowid DESC LIMIT %s", [fts5(asked), scanned]
    )
    return entries.filter(pk__in=hits).order_by("-pk")


def _has_more(asked: Asked, column: str) -> bool:
    with connection.cursor() as cursor:
        scanned = f"{_hits_in(column)} LIMIT %s"
        cursor.execute(f"SELECT count(*) FROM ({scanned})", [fts5(asked), SCANNED + 1])  # noqa: S608  # as above
        (count,) = cursor.fetchone()
    return bool(count > SCANNED)


def _hits_in(column: str) -> str:
    return f"SELECT rowid FROM search_{column}s WHERE search_{column}s MATCH %s"  # noqa: S608  # one of two names


def fts5(asked: Asked) -> str:
    """The question for SQLite; terms hold letters, digits and underscores only."""
    between = " OR " if asked.is_any else " AND "
    wanted = between.join(f"({_any_of_fts5(word)})" for word in asked.words)
    unwanted = "".join(f" NOT ({_any_of_fts5(word)})" for word in asked.unwanted)
    return f"({wanted}){unwanted}"


def _any_of_fts5(word: Word) -> str:
    quoted = [f'"{term}"' for term in _terms(word)]
    return " OR ".join([*quoted, *([f'"{word.prefix}" *'] if word.prefix else [])])


def tsquery(asked: Asked) -> str:
    """The question for PostgreSQL; terms hold letters, digits and underscores only."""
    between = " | " if asked.is_any else " & "
    wanted = between.join(f"({_any_of_tsquery(word)})" for word in asked.words)
    unwanted = "".join(f" & !({_any_of_tsquery(word)})" for word in asked.unwanted)
    return f"({wanted}){unwanted}"


def _any_of_tsquery(word: Word) -> str:
    quoted = [f"'{term}'" for term in _terms(word)]
    return " | ".join([*quoted, *([f"'{word.prefix}':*"] if word.prefix else [])])


def _terms(word: Word) -> Iterable[str]:
    return sorted({*word.terms, word.surface})
