"""How the member wants to be reached: hours, mails, and the devices that were switched on."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.devices import described
from accounts.requests import MemberRequest
from accounts.views.guards import for_members
from forum.lib.redirects import see_other
from forum.notifications.actions import reaching
from forum.notifications.channel_forms import ChannelsForm, DeviceForm
from forum.notifications.settings_blocks import blocks

PAGE = "notifications:settings"


@require_POST
@for_members
def save(request: MemberRequest) -> HttpResponse:
    form = ChannelsForm(request.POST)
    if not form.is_valid():
        shown = blocks(request.user, form=form)
        return render(request, "notifications/channels.html", shown, status=422)
    reaching.choose_channels(member=request.user, **form.wishes())
    messages.success(request, _("Your choice has been saved."))
    return see_other(reverse(PAGE))


@require_POST
@for_members
def try_again(request: MemberRequest) -> HttpResponse:
    reaching.revive_address(member=request.user)
    messages.success(request, _("The next e-mail is sent again."))
    return see_other(reverse(PAGE))


@require_POST
@for_members
def add_device(request: MemberRequest) -> HttpResponse:
    form = DeviceForm(request.POST)
    if not form.is_valid():
        shown = {**blocks(request.user), "device_errors": form.non_field_errors()}
        return render(request, "notifications/channels.html", shown, status=422)
    UserSession.objects.create_from_request(request)
    reaching.add_device(
        member=request.user,
        session_key=str(request.session.session_key),
        address=form.address(),
        name=described(request.headers.get("User-Agent", "")),
    )
    messages.success(request, _("This device is switched on."))
    return see_other(reverse(PAGE))


@require_POST
@for_members
def forget_device(request: MemberRequest, pk: int) -> HttpResponse:
    reaching.forget_device(member=request.user, pk=pk)
    messages.success(request, _("The device is switched off."))
    return see_other(reverse(PAGE))
