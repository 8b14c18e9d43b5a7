"""Letters about a case, in the receiver's language; queued in the caller's transaction."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import Mandate, User, VerificationCase


def tell_decision(case: VerificationCase) -> None:
    """What was decided and why, and what to do next."""
    _send(
        case.opened_by,
        f"verification_{case.state}",
        {"case": case, "organization": case.organization, "url": _full(case.get_absolute_url())},
    )


def tell_succeeded(mandate: Mandate) -> None:
    """That somebody else took over, to who spoke for the organization before."""
    new_url = reverse("accounts:claim", args=[mandate.organization_id])
    _send(
        mandate.user,
        "verification_succeeded",
        {"organization": mandate.organization, "url": _full(new_url)},
    )


def _send(receiver: User, name: str, context: dict[str, object]) -> None:
    context |= {"site_name": settings.SITE_NAME, "receiver": receiver}
    with translation.override(receiver.language):
        subject = render_to_string(f"accounts/mail/{name}_subject.txt", context).strip()
        body = render_to_string(f"accounts/mail/{name}.txt", context)
    send_mail(" ".join(subject.split()), body, None, [receiver.email])


def _full(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
