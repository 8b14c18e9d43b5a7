from django.urls import path

from forum.moderation.views import case, decisions, desk, private

app_name = "moderation"
urlpatterns = [
    path("decisions/<int:number>/", decisions.decision, name="decision"),
    path("desk/", desk.desk, name="desk"),
    path("desk/together/", desk.together, name="desk_together"),
    path("desk/decisions/", desk.decisions, name="desk_decisions"),
    path("desk/decisions/<int:number>/undo/", desk.undo, name="desk_undo"),
    path("desk/look/<slug:kind>/<int:pk>/", desk.look_into, name="desk_look_into"),
    path("desk/cases/<int:pk>/", case.case, name="case"),
    path("desk/cases/<int:pk>/decide/<slug:measure>/", case.decide, name="case_decide"),
    path("desk/cases/<int:pk>/confirm/", case.confirm, name="case_confirm"),
    path("desk/cases/<int:pk>/decline/", case.decline, name="case_decline"),
    path("desk/cases/<int:pk>/withdraw/", case.withdraw_proposal, name="case_withdraw"),
    path("desk/cases/<int:pk>/grant/", case.grant, name="case_grant"),
    path("desk/cases/<int:pk>/dismiss/", case.dismiss, name="case_dismiss"),
    path("desk/cases/<int:pk>/notes/", case.note, name="case_note"),
    path("desk/cases/<int:pk>/lease/", case.look, name="case_look"),
    path("desk/cases/<int:pk>/lease/release/", case.look_away, name="case_look_away"),
    path("desk/cases/<int:pk>/contact/", private.contact, name="case_contact"),
    path("desk/cases/<int:pk>/contact/read/", private.read_contact, name="case_read_contact"),
    path("account/accesses/", private.accesses, name="accesses"),
]
