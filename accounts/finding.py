"""Finding an organization by what somebody remembers of its name.

The database narrows the organizations down to those that share pieces of letters with the text;
these few are compared word by word in Python: whole words, beginnings, other endings of Polish
words, one wrong letter (two in a long word). So both databases answer the same, and a text costs
the same however large the county is. Source: docs/decisions/0023-finding-organizations.md.
"""

from collections.abc import Iterable
from functools import reduce
from operator import add

from django.db.models import Case, IntegerField, Q, Value, When

from accounts.models import Organization, OrganizationQuerySet
from accounts.similarity import Words, score
from forum.lib.folding import fold
from forum.lib.identifiers import digits_of

TEXT_MAX_CHARS = 80
WORDS_READ = 8
CANDIDATES = 300
ENOUGH = 0.6  # of 1: a name below this is another name
NUMBER_DIGITS = range(9, 15)  # REGON 9 or 14, NIP and KRS 10


def find_organizations(
    text: str, limit: int, among: OrganizationQuerySet | None = None
) -> list[Organization]:
    """The organizations that the text may mean, the likeliest first; a number finds its owner.

    Queries: one to narrow down, one to read those that are shown.
    """
    organizations = Organization.objects.all() if among is None else among
    digits = digits_of(text)
    if len(digits) in NUMBER_DIGITS:
        return list(_numbered(organizations, digits)[:limit])
    wanted = Words(fold(text[:TEXT_MAX_CHARS]).split()[:WORDS_READ])
    if not wanted.words:
        return []
    rated = [
        (score(wanted, words.split()), words, pk) for pk, words in _narrowed(organizations, wanted)
    ]
    best = sorted((-points, words, pk) for points, words, pk in rated if points >= ENOUGH)[:limit]
    return _in_order(organizations, [pk for _, _, pk in best])


def _numbered(organizations: OrganizationQuerySet, digits: str) -> OrganizationQuerySet:
    numbers = Q(register_number__in={digits, digits.zfill(10)}) | Q(nip=digits) | Q(regon=digits)
    return organizations.filter(numbers).order_by("sorted_name", "pk")


def _narrowed(organizations: OrganizationQuerySet, wanted: Words) -> Iterable[tuple[int, str]]:
    """Those with the most pieces in common."""
    pieces = wanted.pieces()
    shared = reduce(add, (_counts(piece) for piece in pieces))
    some = reduce(Q.__or__, (Q(searched_words__contains=piece) for piece in pieces))
    found = organizations.filter(some).order_by(-shared, "pk")
    return found.values_list("pk", "searched_words")[:CANDIDATES]


def _counts(piece: str) -> Case:
    there = When(searched_words__contains=piece, then=Value(1))
    return Case(there, default=Value(0), output_field=IntegerField())


def _in_order(organizations: OrganizationQuerySet, pks: list[int]) -> list[Organization]:
    found = organizations.in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]
