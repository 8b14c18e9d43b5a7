"""Every address of the forum, room by room."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.urls import organization_patterns as profiles
from accounts.views import signing_up
from forum.notifications.views.service_worker import service_worker
from forum.overview.urls import organization_patterns as pages
from forum_site.reporting_faults import security_txt

handler500 = "forum_site.observing.server_error"

urlpatterns = [
    path("", include("forum.overview.urls")),
    path("", include("forum.discussions.urls")),
    path("", include("forum.duty.urls")),
    path("", include("forum.moderation.urls")),
    path("mailbox/", include("forum.mailbox.urls")),
    path("searches/", include("forum.saved_searches.urls")),
    path("live/", include("forum.live.urls")),
    path("notifications/", include("forum.notifications.urls")),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    # A worker's scope is never wider than its own address.
    path("service-worker.js", service_worker, name="service_worker"),
    path("", include("accounts.urls")),
    path("organizations/", include(([*profiles, *pages], "organizations"))),
    # In place of allauth's pages of the same addresses: ours ask in whose name.
    path("accounts/login/", signing_up.log_in, name="account_login"),
    path("accounts/signup/", signing_up.sign_up, name="account_signup"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    urlpatterns.append(path("dev/mail/", include("forum.jobs.urls")))
