from django.urls import path, re_path

from forum.live import views
from forum.live.wire import STREAM_NAME

app_name = "live"

urlpatterns = [
    path("", views.sockets_only, name="sockets"),
    re_path(rf"^(?P<stream>{STREAM_NAME})/changes/$", views.changes, name="changes"),
]
