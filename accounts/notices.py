"""Mails of ours about an account, beside those that allauth sends."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.addresses import on_the_site


def tell(template: str, *, email: str, language: str, **context: object) -> None:
    """Queue the mail of that name to the address, in the language."""
    names = {"site_name": settings.SITE_NAME, "login_url": on_the_site(reverse("account_login"))}
    place = f"account/email/{template}"
    with translation.override(language):
        subject = render_to_string(f"{place}_subject.txt", context).strip()
        body = render_to_string(f"{place}_message.txt", names | context)
        send_mail(subject, body, None, [email])
