"""Addresses of a member's notifications."""

from django.urls import path, re_path

from forum.notifications import channel_urls
from forum.notifications.places import PLACE
from forum.notifications.views import following, listing, settings

app_name = "notifications"
urlpatterns = [
    path("", listing.notifications, name="list"),
    path("tray/", listing.tray, name="tray"),
    path("read/", listing.read_everything, name="read_all"),
    path("<int:pk>/read/", listing.read, name="read"),
    path("<int:pk>/unread/", listing.unread, name="unread"),
    re_path(rf"^places/(?P<place>{PLACE})/read/$", listing.read_place, name="read_place"),
    re_path(rf"^places/(?P<place>{PLACE})/follow/$", following.follow, name="follow"),
    path("settings/", settings.settings, name="settings"),
    path("change/<str:token>/", following.change, name="change"),
    *channel_urls.patterns,
]
