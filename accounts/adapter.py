"""How allauth's flows fit the forum: what a new member is, what mails say, where one returns."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts import reauthentication, second_factor
from accounts.addresses import is_ours, on_the_site
from accounts.arriving import arrive
from accounts.models import User
from forum.lib.redirects import see_other

logger = logging.getLogger(__name__)

UNKNOWN_MAIL = "account/email/unknown_account"
SUSPENDED_MAIL = "account/email/suspended"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is suspended."),
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "incorrect_code": _("This code is wrong. Check the newest e-mail from us."),
        "rate_limited": _("Too many attempts. Wait a minute and try again."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes and try again."),
    }

    def save_user(
        self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True
    ) -> User:
        user.display_name = form.cleaned_data["display_name"]
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the receiver's language, whoever caused the mail; a guest's is the page's."""
        receiver = context.get("user") or User.objects.filter(email=email.lower()).first()
        if template_prefix == UNKNOWN_MAIL and receiver is not None:
            # allauth looks among active accounts only and would deny this one.
            template_prefix = SUSPENDED_MAIL
        language = receiver.language if receiver is not None else translation.get_language()
        # By the forum's own address: whoever causes a mail chooses the host they ask.
        names = {
            "site_name": settings.SITE_NAME,
            "login_url": on_the_site(reverse("account_login")),
            "signup_url": on_the_site(reverse("account_signup")),
        }
        with translation.override(language):
            super().send_mail(template_prefix, email, context | names)

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """Do what was said at the sign-up; where a second factor is needed, lead there first."""
        response: HttpResponse = super().post_login(request, user, **details)
        response.headers["Location"] = arrive(request, user, response.headers["Location"])
        if second_factor.is_advised(user):
            page = reverse("accounts:second_factor_needed")
            return see_other(f"{page}?{urlencode({'next': response.headers['Location']})}")
        return response

    def get_reauthentication_methods(
        self, user: User | AnonymousUser
    ) -> list[reauthentication.Method]:
        known = super().get_reauthentication_methods(user)
        return reauthentication.methods_of(user, known) if isinstance(user, User) else known

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Have allauth's own pages ask as ours do.

        Raises: ReauthenticationRequired. After a True allauth would ask its own records, and lets
        everybody through who has no password.
        """
        if not reauthentication.is_recent(self.request):
            raise ReauthenticationRequired
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Told in the log, for whoever counts such lines; without a word of who or from where."""
        logger.warning("A login with a password failed")

    def is_safe_url(self, url: str | None) -> bool:
        return is_ours(self.request, url or "")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        if self.request.user.is_authenticated:
            return reverse("accounts:profile")
        return super().get_email_verification_redirect_url(email_address)
