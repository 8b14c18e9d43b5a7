"""What the list of words keeps about whoever made it; plugged into the registry by apps.py."""

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import Holding
from forum.moderation.models import ListedWord

LISTED_WORDS = Holding(
    model=ListedWord,
    member="added_by",
    title=_("Words you put on the list"),
    purpose=_("So that texts with them are looked at before others see them."),
    kept=_("Until somebody takes them off the list."),
    erased=_("The words stay; the number of your account stays instead of your name."),
    fields={
        "words": _("word or words"),
        "note": _("why it is on the list"),
        "added_at": _("when"),
    },
    impersonal={
        "added_by": "the member themselves",
        "folded": "the same words, as they are compared",
    },
)
