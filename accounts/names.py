"""Whether a name would let one person pass for another, or for an organization.

Compared in Python and not by the database: SQLite folds ASCII letters only, and PostgreSQL what its
locale knows. A county has a few hundred organizations and a few thousand members.
"""

import unicodedata

from allauth.account.models import EmailAddress

from accounts.models import Organization, User

# Letters that Unicode does not take apart into a letter and its mark.
UNDECOMPOSED = str.maketrans({"ł": "l", "Ł": "l", "ø": "o", "đ": "d"})
ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")


def folded(name: str) -> str:
    """The name as the eye takes it: without capitals, marks, dashes and quotes, one space each.

    STAROSTWO, Starostwo and „Stàrostwo” are one.
    """
    apart = unicodedata.normalize("NFKD", name.casefold().translate(UNDECOMPOSED))
    letters = "".join(
        character if character.isalnum() else " "
        for character in apart
        if not unicodedata.combining(character)
    )
    return " ".join(letters.split())


def mixes_alphabets(name: str) -> bool:
    """Whether letters of two alphabets stand together: a Cyrillic а looks like a Latin a."""
    found = {
        alphabet
        for character in name
        if character.isalpha()
        for alphabet in ALPHABETS
        if unicodedata.name(character, "").startswith(alphabet)
    }
    return len(found) > 1


def is_of_an_organization(name: str) -> bool:
    """Whether an organization carries the name, or an office's name is a part of it.

    Queries: one, of all organizations' names.
    """
    wanted = folded(name)
    known = Organization.objects.values_list("name", "short_name", "kind")
    return any(
        _names(wanted, folded(carried), is_office=kind == Organization.Kind.OFFICE)
        for full, short, kind in known
        for carried in (full, short)
    )


def is_of_another_member(name: str, member: User | None) -> bool:
    """Whether another member has the name; those who never proved their address do not count.

    Queries: one, of all members' names.
    """
    proven = EmailAddress.objects.filter(verified=True).values("user")
    others = User.objects.filter(pk__in=proven, erased_at=None)
    if member is not None:
        others = others.exclude(pk=member.pk)
    wanted = folded(name)
    taken = [User.ERASED_NAME, *others.values_list("display_name", flat=True)]
    return any(folded(each) == wanted for each in taken)


def _names(wanted: str, carried: str, *, is_office: bool) -> bool:
    if not carried:
        return False
    return wanted == carried or (is_office and f" {carried} " in f" {wanted} ")
