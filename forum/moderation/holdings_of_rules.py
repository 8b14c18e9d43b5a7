"""What the rules of the forum keep about members: who wrote them."""

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import Holding
from forum.moderation.models.rulebook import Rulebook, RulebookDraft, RuleSection

RULES = Holding(
    model=Rulebook,
    member="published_by",
    title=_("Rules of the forum that you published"),
    purpose=_("So that it is known who answers for them."),
    kept=_("For ever: a published version never changes."),
    erased=_("The number of your account stays instead of your name."),
    fields={"version": _("version"), "published_at": _("when"), "note": _("what changes")},
    impersonal={
        "published_by": "the member themselves",
        "note_en": "the same in English",
    },
)
DRAFT = Holding(
    model=RulebookDraft,
    member="changed_by",
    title=_("Draft of the rules that you changed last"),
    purpose=_("So that others of the staff know whom to ask."),
    kept=_("Until it is published or thrown away."),
    erased=_("The number of your account stays instead of your name."),
    fields={"changed_at": _("when")},
    impersonal={
        "changed_by": "the member themselves",
        "sections": "the rules of the forum, for everybody",
    },
)
ALL = (RULES, DRAFT)
IMPERSONAL = {RuleSection: "the rules of the forum, for everybody"}
