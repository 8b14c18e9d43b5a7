"""Gapless change numbers: a row that owns a stream counts its changes under its own lock."""

from django.db import connections, models, router


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
        connection = connections[router.db_for_write(type(self))]
        column = self._meta.pk.column
        assert column is not None
        table, key = map(connection.ops.quote_name, (self._meta.db_table, column))
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET seq = seq + %s WHERE {key} = %s RETURNING seq",  # noqa: S608
                [count, self.pk],
            )
            (self.seq,) = cursor.fetchone()
        return self.seq
