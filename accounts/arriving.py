"""The moment after a login: what was said at the sign-up is done, and where to go on."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import joining
from accounts.actions import Place, Settled, settle
from accounts.addresses import is_ours, welcome
from accounts.joining import Choice, Way
from accounts.models import User
from forum.lib.answers import Refused
from forum.lib.limits import allow

DAY = timedelta(days=1)


def arrive(request: HttpRequest, member: User, address: str) -> str:
    """Do what the member said before they proved their address; the address to go on to.

    `address` is where the login alone would lead.
    """
    kept = joining.take(request, member)
    if kept is None:
        return address
    is_done = _do(request, member, kept.choice)
    if kept.choice.way == Way.INVITATION:
        # The page of an invitation says why it could not be accepted.
        return welcome() if is_done else kept.next
    if kept.next and is_ours(request, kept.next):
        return kept.next
    return welcome() or address


def _do(request: HttpRequest, member: User, choice: Choice) -> bool:
    """Whether it could be done; either way the member reads what follows."""
    if choice.way != Way.PERSON and not _is_allowed(member, choice):
        messages.warning(request, _("That was a lot for one day. Ask for it again tomorrow."))
        return False
    try:
        settled = settle(member=member, choice=choice)
    except Refused as refused:
        messages.warning(request, str(refused.refusal.sentence))
        return False
    if settled is not None:
        _pass_over_messages(request)
        messages.success(request, _said(settled))
    return True


def _pass_over_messages(request: HttpRequest) -> None:
    """Nobody needs to read that they are logged in, before the one sentence that matters."""
    list(messages.get_messages(request))


def _is_allowed(member: User, choice: Choice) -> bool:
    """Counted together with what members do on the pages for it."""
    if choice.way == Way.INVITATION:
        return True
    return allow(f"case:{member.pk}", settings.CASES_PER_DAY, DAY)


def _said(settled: Settled) -> str:
    sentences = {
        Place.SPEAKS: _(
            "You may write in the name of %(organization)s at once: it is chosen below."
        ),
        Place.IN: _("You are in %(organization)s, and write in your own voice."),
        Place.ASKED_ADVISER: _(
            "The adviser of the county office checks that you speak for %(organization)s and "
            "will write to you. Until then you write in your own voice."
        ),
        Place.ASKED_PEOPLE: _(
            "We have asked the people of %(organization)s to let you in. The answer comes by "
            "e-mail. Until then you write in your own voice."
        ),
    }
    return sentences[settled.place] % {"organization": settled.organization}
