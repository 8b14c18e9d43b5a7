"""Addresses for development only: forum_site includes them where DEBUG is on."""

from django.urls import path

from forum.jobs import mailbox

app_name = "jobs"

urlpatterns = [
    path("", mailbox.mailbox, name="mailbox"),
    path("<str:file>/<int:number>/", mailbox.html_of, name="mail_html"),
]
