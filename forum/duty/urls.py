"""Addresses of the promise, of an organization's duty, and of what is left to the adviser."""

from django.urls import path

from forum.duty.views import desk, promise, roster

app_name = "duty"
urlpatterns = [
    path("answers/", promise.promise, name="promise"),
    path("organizations/<int:pk>/duty/", roster.organization, name="organization"),
    path("organizations/<int:pk>/duty/enter/", roster.enter, name="enter"),
    path("organizations/<int:pk>/duty/leave/", roster.leave, name="leave"),
    path("duty/offers/<int:pk>/pass-on/", roster.pass_on, name="pass_on"),
    path("desk/unanswered/", desk.desk, name="desk"),
]
