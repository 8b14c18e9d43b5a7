from django.urls import path

from forum.moderation.views import decisions, guarding

app_name = "moderation"
urlpatterns = [
    path("decisions/<int:number>/", decisions.decision, name="decision"),
    path("desk/guards/", guarding.guards, name="guards"),
    path("desk/guards/set/", guarding.set_guards, name="guards_set"),
    path("desk/guards/try/", guarding.try_guards, name="guards_try"),
    path("desk/guards/words/", guarding.list_word, name="guards_list"),
    path("desk/guards/words/<int:pk>/remove/", guarding.unlist_word, name="guards_unlist"),
]
