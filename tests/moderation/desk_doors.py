"""The doors of the desk by name: how each is asked, and with what beside the case."""

SUBJECT = "the pk of what the case is about"
# Of the whole desk: method, arguments.
DESK_DOORS = {
    "desk": ("get", []),
    "desk_together": ("post", []),
    "desk_decisions": ("get", []),
    "desk_undo": ("post", [1]),
    "desk_look_into": ("post", ["post", SUBJECT]),
}
# Of one case: method, arguments behind its pk.
CASE_DOORS = {
    "case": ("get", []),
    "case_decide": ("post", ["hide"]),
    "case_anew": ("post", []),
    "case_confirm": ("post", []),
    "case_decline": ("post", []),
    "case_withdraw": ("post", []),
    "case_grant": ("post", []),
    "case_dismiss": ("post", []),
    "case_note": ("post", []),
    "case_look": ("post", []),
    "case_look_away": ("post", []),
    "case_contact": ("get", []),
    "case_read_contact": ("post", []),
}
