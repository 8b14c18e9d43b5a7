"""Addresses of channels, devices, letters and of the links in mails."""

from django.urls import path

from forum.notifications.views import channels, letters, stopping

patterns = [
    path("channels/", channels.save, name="channels"),
    path("channels/again/", channels.try_again, name="try_again"),
    path("devices/", channels.add_device, name="add_device"),
    path("devices/<int:pk>/forget/", channels.forget_device, name="forget_device"),
    path("stop/<str:token>/", stopping.stop, name="stop"),
    path("desk/letter/", letters.preview, name="desk_letter"),
    path("desk/letter/mail/", letters.preview_mail, name="desk_letter_mail"),
]
