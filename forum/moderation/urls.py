from django.urls import path

from forum.moderation.views import (
    decisions,
    desk_lists,
    notices_from_outside,
    public_log,
    reporting,
    rules_editor,
    rules_page,
)

app_name = "moderation"
urlpatterns = [
    path("decisions/<int:number>/", decisions.decision, name="decision"),
    path("decisions/<int:number>/appeal/", decisions.appeal, name="appeal"),
    path("account/moderation/", reporting.own, name="own"),
    path("report/<slug:kind>/<int:pk>/", reporting.report, name="report"),
    path("notice/", notices_from_outside.notice, name="notice"),
    path("notice/find/", notices_from_outside.find, name="notice_find"),
    path("notice/<slug:code>/", notices_from_outside.state, name="notice_state"),
    path("rules/", rules_page.rules, name="rules"),
    path("rules/versions/", rules_page.versions, name="rules_versions"),
    path("rules/versions/<int:version>/", rules_page.version, name="rules_version"),
    path("rules/versions/<int:version>/changes/", rules_page.changes, name="rules_changes"),
    path("moderation/", public_log.log, name="log"),
    path("moderation/decisions.csv", public_log.decisions_file, name="log_file"),
    path("moderation/months.csv", public_log.months_file, name="months_file"),
    path("desk/rules/", rules_editor.draft, name="desk_rules"),
    path("desk/rules/add/", rules_editor.section, name="desk_rules_add"),
    path("desk/rules/preview/", rules_editor.preview, name="desk_rules_preview"),
    path("desk/rules/publish/", rules_editor.publish, name="desk_rules_publish"),
    path("desk/rules/discard/", rules_editor.discard, name="desk_rules_discard"),
    path("desk/rules/sections/<slug:anchor>/", rules_editor.section, name="desk_rules_section"),
    path("desk/rules/sections/<slug:anchor>/move/", rules_editor.move, name="desk_rules_move"),
    path(
        "desk/rules/sections/<slug:anchor>/remove/", rules_editor.remove, name="desk_rules_remove"
    ),
    path("desk/replies/", desk_lists.saved_replies, name="desk_replies"),
    path("desk/replies/add/", desk_lists.saved_reply, name="desk_reply_add"),
    path("desk/replies/<int:pk>/", desk_lists.saved_reply, name="desk_reply"),
    path("desk/replies/<int:pk>/remove/", desk_lists.remove_reply, name="desk_reply_remove"),
    path("desk/moderators/", desk_lists.elected, name="desk_elected"),
    path("desk/moderators/<int:pk>/end/", desk_lists.end_term, name="desk_end_term"),
]
