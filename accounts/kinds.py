"""Which kind of organization a name speaks of, where nobody has said it."""

from accounts.abbreviations import with_other_forms
from accounts.models import Organization
from forum.lib.folding import fold

Kind = Organization.Kind
# Beginnings of words as `fold` writes them; the first that the name has decides.
TELLING = {
    "fundacj": Kind.FOUNDATION,
    "spoldzieln": Kind.SOCIAL_COOPERATIVE,
    "kolo gospodyn": Kind.RURAL_WOMENS_CIRCLE,
    "ochotnicza straz": Kind.FIRE_BRIGADE,
    "uczniowski klub": Kind.PUPILS_SPORTS_CLUB,
    "klub sportow": Kind.SPORTS_CLUB,
    "stowarzyszenie zwykle": Kind.ORDINARY_ASSOCIATION,
    "stowarzyszen": Kind.ASSOCIATION,
    "towarzystw": Kind.ASSOCIATION,
    "parafi": Kind.CHURCH,
}


def kind_of_name(name: str) -> str:
    """The kind its words tell; an informal group where they tell none. The adviser checks it."""
    words = f" {with_other_forms(fold(name))}"
    kinds = (kind for beginning, kind in TELLING.items() if f" {beginning}" in words)
    return next(kinds, Kind.INFORMAL)
