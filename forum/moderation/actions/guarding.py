"""What the adviser changes of what is looked at before a text is seen."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.lib.answers import Answer, Refusal, Refused, demand
from forum.moderation.models.guarding import ONLY_ROW, GuardSettings, ListedWord, folded_words

WORDS_ON_THE_LIST = 500


def may_set_guards(viewer: User) -> Answer:
    """Whether the viewer may change the guards: staff of the forum."""
    if viewer.is_staff and viewer.is_active:
        return True
    return Refusal(_("Only the staff of the forum changes what is looked at first."))


def set_guards(*, staff: User, changes: Mapping[str, bool | int]) -> GuardSettings:
    """The settings with the changes. Raises: Refused. Locks: the one row of the settings."""
    demand(may_set_guards(staff))
    with transaction.atomic():
        GuardSettings.objects.get_or_create(pk=ONLY_ROW)
        held = GuardSettings.objects.select_for_update().get(pk=ONLY_ROW)
        for name, value in changes.items():
            setattr(held, name, value)
        held.save()
    return held


def list_word(*, staff: User, words: str, note: str = "") -> ListedWord:
    """The word or words on the list; where they stand there already, that row with its note.

    Raises: Refused where there is no letter or digit in them, or the list is full.
    """
    demand(may_set_guards(staff))
    folded = folded_words(words)
    if not folded:
        raise Refused(Refusal(_("Write a word with letters or digits in it.")))
    if ListedWord.objects.count() >= WORDS_ON_THE_LIST:
        raise Refused(Refusal(_("The list is full. Take words off it that never stopped a text.")))
    new = ListedWord(words=" ".join(words.split()), note=note, added_by=staff)
    new.added_at = timezone.now()
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        return ListedWord.objects.get(folded=folded)
    return new


def unlist_word(*, staff: User, pk: int) -> None:
    """The word off the list. Repeating it changes nothing. Raises: Refused."""
    demand(may_set_guards(staff))
    ListedWord.objects.filter(pk=pk).delete()
