"""Addresses of a member's saved searches."""

from django.urls import path

from forum.saved_searches import views

app_name = "saved_searches"
urlpatterns = [
    path("", views.saved, name="list"),
    path("keep/", views.keep, name="keep"),
    path("<int:pk>/rename/", views.rename, name="rename"),
    path("<int:pk>/pause/", views.pause, name="pause"),
    path("<int:pk>/resume/", views.resume, name="resume"),
    path("<int:pk>/remove/", views.remove, name="remove"),
]
