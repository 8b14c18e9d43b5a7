"""What a form of a post encloses: the files themselves, or the keys of files attached before.

Without JavaScript the files come with the form. They are kept before the form is judged: when it is
refused, nobody chooses them again.
"""

from collections.abc import Collection, Iterable
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.requests import MemberRequest
from forum.discussions.actions import attaching
from forum.discussions.actions.attaching import Enclosed
from forum.discussions.drafts import Place, context_of
from forum.discussions.forms import UnsentForm, description_in
from forum.discussions.models import Attachment, Post
from forum.discussions.views.attaching import may_go_on
from forum.lib import uploads
from forum.lib.answers import Refusal, Refused
from forum.lib.prepared import Prepared
from forum.lib.uploads import Accepted

KEYS_MAX = 100  # more than any form of ours holds
ONLY_ATTACH = "only_attach"
ALT_FIELD = "alt-"
_UNSENT = Prepared(
    lambda user, context: Attachment.objects.unsent_by(User(pk=user)).filter(context=context)
)


def attached_in(user: User, place: Place, template: str = "") -> list[Attachment]:
    """What a form in this place shows: the files of an edited post, then what waits to be sent.

    Queries: one, for an edit two.
    """
    there = list(Attachment.objects.filter(post=place)) if isinstance(place, Post) else []
    return there + _UNSENT.objects(user=user.pk, context=context_of(place, template))


def take(request: MemberRequest, form: UnsentForm, place: Place, template: str = "") -> Enclosed:
    """What the sent form encloses; its files are kept, and what is wrong stands in its errors."""
    fresh, faults = keep_files(request, place, template)
    enclosed = _said_in(request.POST, fresh)
    attaching.describe(uploader=request.user, alts=enclosed.alts)
    if only_attaches(request):
        form.errors.clear()  # nothing was sent yet
    for fault in (*faults, *_faults_of(enclosed, request.user, place, template)):
        form.add_error(None, fault)
    # Most forms are right, and are not shown again.
    form.what_is_attached = partial(_shown_again, enclosed, request.user, place, template)
    if form.errors and form.attached:
        form.explain_empty(
            _("Say in a sentence what you attach: lists and letters show words only.")
        )
    return enclosed


def _shown_again(enclosed: Enclosed, user: User, place: Place, template: str) -> list[Attachment]:
    """As `attached_in`, with the descriptions as they were typed."""
    attached = attached_in(user, place, template)
    for each in attached:
        each.alt = enclosed.alts.get(each.key, each.alt)
    return attached


def keep_files(
    request: MemberRequest, place: Place, template: str = ""
) -> tuple[list[UUID], list[str]]:
    """The keys of the files that came with the form, and why others were not taken."""
    context = context_of(place, template)
    fresh: list[UUID] = []
    faults: list[str] = []
    for file in request.FILES.getlist("files")[:KEYS_MAX]:
        judged = _judged(request.user, file)
        if isinstance(judged, Refusal):
            faults.append(str(judged.sentence))
            continue
        try:
            kept = attaching.upload(uploader=request.user, context=context, file=judged)
        except Refused as refused:
            faults.append(str(refused.refusal.sentence))
            break
        fresh.append(kept.key)
    request.FILES.clear()  # each is kept once, whoever asks next
    return fresh, faults


def only_attaches(request: MemberRequest) -> bool:
    """Whether the form only brings its files, and its text goes on being written."""
    return ONLY_ATTACH in request.POST


def _judged(user: User, file: "UploadedFile[bytes]") -> Accepted | Refusal:
    if not may_go_on(user):
        return Refusal(_("That was a lot in a short time. Wait a minute and attach the rest."))
    return uploads.judge(file, settings.ATTACHMENT_MAX_BYTES)


def _said_in(sent: QueryDict, fresh: Iterable[UUID]) -> Enclosed:
    alts = {
        key: description_in(str(value))
        for name, value in sent.items()
        if name.startswith(ALT_FIELD) and (key := _key(name.removeprefix(ALT_FIELD)))
    }
    return Enclosed(
        attach=frozenset([*_keys(sent.getlist("attach")), *fresh]),
        detach=frozenset(_keys(sent.getlist("detach"))),
        alts=alts,
    )


def _keys(values: Iterable[str]) -> list[UUID]:
    return [key for value in list(values)[:KEYS_MAX] if (key := _key(value))]


def _key(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _own(keys: Collection[UUID], user: User, context: str) -> int:
    """How many there are; one that has been sent already counts: it may be this very form that
    sent it."""
    return Attachment.objects.filter(uploader=user, context=context, key__in=keys).count()


def _faults_of(enclosed: Enclosed, user: User, place: Place, template: str) -> list[str]:
    """What would stop the action; it asks again when it holds the rows."""
    wanted = enclosed.attach - enclosed.detach
    kept = 0
    if isinstance(place, Post):
        there = Attachment.objects.filter(post=place)
        kept = there.exclude(key__in=enclosed.attach | enclosed.detach).count()
    faults = []
    if wanted and _own(wanted, user, context_of(place, template)) < len(wanted):
        faults.append(str(attaching.GONE.sentence))
    if len(wanted) + kept > settings.ATTACHMENTS_PER_POST:
        faults.append(str(attaching.too_many().sentence))
    return faults
