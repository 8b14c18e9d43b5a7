"""Addresses of django-machina at the root, as its installation page says."""

from django.urls import include, path
from machina import urls

urlpatterns = [path("", include(urls))]
