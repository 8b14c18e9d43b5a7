"""Gapless change numbers: a row that owns a stream counts its changes under its own lock."""

from functools import cache

from django.db import connection, models

from forum.lib.prepared import adapted, planned_cursor, this_database


class Numbered(models.Model):
    """An owner of a live stream. Source: docs/decisions/0003-change-numbers.md."""

    seq = models.BigIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def take_seq(self, count: int = 1) -> int:
        """Advance and return this row's change number; by `count` where so many rows change.

        The rows then get the last `count` numbers, one each.
        Units: changes since the stream began, without gaps. Locks: this row, until commit.
        Queries: one.
        """
        database = this_database()
        with planned_cursor(database) as cursor:
            given = [adapted(number, database) for number in (count, self.pk)]
            cursor.execute(_advancing(type(self)), given)
            ((self.seq,),) = cursor.fetchall()
        return self.seq


@cache
def _advancing(owner: type[Numbered]) -> str:
    """The statement for its table. The ORM writes no RETURNING."""
    meta = owner._meta
    assert meta.pk is not None
    table, key = map(connection.ops.quote_name, (meta.db_table, str(meta.pk.column)))
    return f"UPDATE {table} SET seq = seq + %s WHERE {key} = %s RETURNING seq"  # noqa: S608  # names of ours
