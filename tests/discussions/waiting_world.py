"""What the tests of texts that wait share: guards that are on, and hands that send and decide."""

from forum.discussions import actions
from forum.moderation.models import Case, GuardSettings

LONG = "Zapraszamy na warsztaty z pisania ofert w środę o szesnastej w bibliotece miejskiej."


def guards_on(**changes):
    """New people are looked at first, as in a new forum."""
    fields = {"holds_first_texts": True, "newcomer_days": 14, **changes}
    return GuardSettings.objects.update_or_create(pk=1, defaults=fields)[0]


def send(author, thread, body="Dzień dobry wszystkim.", **form):
    fields = {"voice": None, "body_format": "markdown", **form}
    return actions.reply(author=author, thread=thread, body=body, **fields)


def start(author, category, body="Dzień dobry wszystkim.", **form):
    fields = {"voice": None, "body_format": "markdown", "title": "Nowa sprawa", **form}
    return actions.start_thread(author=author, category=category, body=body, **fields)


def change(author, post, body, **form):
    return actions.edit(author=author, post=post, body=body, body_format="markdown", **form)


def case_of(held):
    return Case.objects.get(kind="held", subject_pk=held.pk)


def verify(organization):
    """The adviser has checked who they are."""
    organization.register, organization.register_number = "krs", "0009900002"
    organization.verified_register, organization.verified_number = "krs", "0009900002"
    organization.verified_name, organization.verified_at = (
        organization.name,
        organization.created_at,
    )
    organization.save()
