"""What moderators can do, one word each. Source: docs/decisions/0029-decisions.md."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    LEAVE = "leave", _("leave as it is")
    PUBLISH = "publish", _("publish")
    HIDE = "hide", _("hide")
    ASK_CORRECTION = "ask_correction", _("ask for a correction")
    REFUSE_HELD = "refuse_held", _("do not publish")  # a text that was held before anybody saw it
    WARN = "warn", _("warn")
    SLOW = "slow", _("slow the account down")
    SUSPEND = "suspend", _("suspend the account")
    LOCK = "lock", _("close the thread")
    MOVE = "move", _("move the thread")
    SPLIT = "split", _("split off")
    MERGE = "merge", _("merge threads")
    # Given by actions, never chosen from a list.
    RESTORE = "restore", _("undo")
    STAND = "stand", _("the decision stands")  # the answer to an appeal that did not convince


# About the author's account, whatever the text was.
OF_ACCOUNTS = frozenset({Measure.WARN, Measure.SLOW, Measure.SUSPEND})
# They last until a moment, then end by themselves.
WITH_END = frozenset({Measure.SLOW, Measure.SUSPEND})
# What only those do who manage threads anyway.
OF_THREADS = frozenset({Measure.LOCK, Measure.MOVE, Measure.SPLIT, Measure.MERGE})
# They take something from a person: a statement of reasons, an appeal, and about the office four
# eyes. Source: DSA art. 17 and 20.
RESTRICTIONS = frozenset(
    {Measure.HIDE, Measure.ASK_CORRECTION, Measure.REFUSE_HELD, Measure.LOCK, *OF_ACCOUNTS}
)
# On content about the office these need a second person as well: they change what it says where.
GUARDED = RESTRICTIONS | OF_THREADS
# What says that a report was right.
UPHOLDING = RESTRICTIONS | OF_THREADS
CHOSEN = tuple(each for each in Measure if each not in {Measure.RESTORE, Measure.STAND})
