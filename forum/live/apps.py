from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import plugs
from forum.live.announcing import kick, recheck


class LiveConfig(AppConfig):
    name = "forum.live"
    verbose_name = _("live streams")

    def ready(self) -> None:
        plugs.rights_changed.append(recheck)
        user_logged_out.connect(_close_sockets_of_the_session, dispatch_uid="forum.live.logout")


def _close_sockets_of_the_session(request: HttpRequest | None, **_: object) -> None:
    if request is not None and request.session.session_key:
        kick(session=request.session.session_key)
