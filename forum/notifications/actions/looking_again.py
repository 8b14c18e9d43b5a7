"""When what was told of changes: hidden, withdrawn, shown again, moved."""

from collections.abc import Sequence

from forum.jobs.tasks import task


def look_again(*, abouts: Sequence[str]) -> None:
    """Have the worker judge anew what members were told of these rows ("post.77").

    To be called by whatever hides, shows again or moves them, in its transaction. What nobody may
    see leaves lists and counts; what moved follows. Queries: one for each 200 rows.
    """
    for start in range(0, len(abouts), ROWS_A_JOB):
        look.enqueue(list(abouts[start : start + ROWS_A_JOB]))


ROWS_A_JOB = 200


@task("notifications.look_again")
def look(abouts: list[str]) -> None:
    """Judge the events of these rows anew. Done again it changes nothing."""
