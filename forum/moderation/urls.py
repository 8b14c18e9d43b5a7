from django.urls import path

from forum.moderation.views import decisions

app_name = "moderation"
urlpatterns = [
    path("decisions/<int:number>/", decisions.decision, name="decision"),
]
