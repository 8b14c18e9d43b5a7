"""Addresses of mails, and of the links in mails."""

from django.urls import path

from forum.mailbox.views import acting, mails

app_name = "mailbox"
urlpatterns = [
    path("", mails.mails, name="mails"),
    path("<int:pk>/", mails.mail, name="mail"),
    path("<int:pk>/original/", mails.original, name="original"),
    path("acts/<slug:token>/", acting.act, name="act"),
    path("acts/<slug:token>/done/", acting.done, name="done"),
]
