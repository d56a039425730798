"""Who gets what from which URL: every URL name × every role → status.

A URL name without a row here fails tests/test_access.py. 302 after a GET as "anonymous" is the way to the
sign-in; 404 is what a stranger gets, who may not even know that the thing exists; 403 is what somebody
gets who may see it, but not this or not like this. A POST that worked answers 302, one with a bad form 422.
"""

from dataclasses import dataclass, field

# officer, admin and board work for the foundation of the grant; accountant and adviser were let read it, the
# _elsewhere two were let read another grant of the same foundation; representative and member carry it;
# other_grantee carries another one; stranger is an officer of another foundation, stranger_admin its admin;
# nobody has an account without a role; ended was an officer until yesterday.
ROLES = (
    "anonymous", "officer", "admin", "board", "accountant", "accountant_elsewhere", "adviser",
    "adviser_elsewhere", "representative", "member", "other_grantee", "stranger", "stranger_admin", "nobody",
    "ended",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """`subject` names what the address is about (tests/test_access.py makes one of each)."""

    name: str
    subject: str
    statuses: str  # in the order of ROLES
    method: str = "get"
    data: dict[str, str] = field(default_factory=dict)
    note: str = ""
    cells: tuple[str, ...] = ()  # sent as JSON, as a page does that saves itself (core.autosave)

    @property
    def by_role(self) -> dict[str, int]:
        return dict(zip(ROLES, map(int, self.statuses.split()), strict=True))

    def __str__(self) -> str:
        return " ".join(filter(None, [self.method.upper(), self.name, self.subject, self.note]))


def get(name: str, subject: str, statuses: str, note: str = "") -> Row:
    return Row(name, subject, statuses, note=note)


def post(name: str, subject: str, statuses: str, note: str = "", **data: str) -> Row:
    return Row(name, subject, statuses, method="post", data=data, note=note)


def autosave(name: str, subject: str, statuses: str, *cells: str) -> Row:
    return Row(name, subject, statuses, method="post", cells=cells)


ROWS = (
    #                                           anon off adm brd acc ac- adv ad- rep mem oth str s-a nob end
    # --- everybody -----------------------------------------------------------------------------------------
    get("healthz", "",                         "200 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    get("favicon", "",                         "302 302 302 302 302 302 302 302 302 302 302 302 302 302 302"),
    post("set_language", "",                   "302 302 302 302 302 302 302 302 302 302 302 302 302 302 302",
         language="en"),
    get("account_back", "",                    "302 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    get("reports:home", "",                    "302 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    post("grantees:hat_switch", "",            "302 302 302 302 302 302 302 302 302 302 302 302 302 302 302"),

    # --- people --------------------------------------------------------------------------------------------
    get("grantees:invitation_accept", "letter",
                                               "200 403 403 403 403 403 403 403 403 403 403 403 403 403 403"),
    get("grantees:invitation_accept", "unknown letter",
                                               "404 404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    post("grantees:invitation_join", "letter", "302 403 403 403 403 403 403 403 403 403 403 403 403 403 403"),
    get("grantees:people", "organisation",     "302 200 200 404 404 404 404 404 200 200 404 404 404 404 404"),
    post("grantees:people_invite", "organisation",
                                               "302 422 422 404 404 404 404 404 422 403 404 404 404 404 404"),
    post("grantees:invitation_revoke", "invitation",
                                               "302 302 302 404 404 404 404 404 302 403 404 404 404 404 404"),
    post("grantees:invitation_resend", "invitation",
                                               "302 302 302 404 404 404 404 404 302 403 404 404 404 404 404"),
    post("grantees:membership_end", "colleague",
                                               "302 302 302 404 404 404 404 404 302 403 404 404 404 404 404"),

    # --- the grant -----------------------------------------------------------------------------------------
    get("grants:list", "",                     "302 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    get("grants:detail", "grant",              "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),
    get("grants:budget", "grant",              "302 200 200 403 200 404 403 404 200 200 404 404 404 404 404"),

    get("mentoring:model", "grant",            "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:model_link", "link",        "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),
    get("reports:model_pdf", "grant",          "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),
    get("reports:plan_import", "grant",        "302 200 403 403 403 404 403 404 403 403 404 404 404 404 404"),
    post("reports:plan_import_check", "grant", "302 422 403 403 403 404 403 404 403 403 404 404 404 404 404",
         note="empty"),
    post("reports:plan_import_confirm", "grant",
                                               "302 422 403 403 403 404 403 404 403 403 404 404 404 404 404",
         note="empty"),
    get("reports:plan_export_xlsx", "grant",   "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),
    get("reports:plan_export_csv", "grant",    "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),

    # --- the program as a whole ---------------------------------------------------------------------------
    get("mentoring:program", "program",        "302 200 200 200 404 404 404 404 404 404 404 404 404 404 404"),
    get("mentoring:program_parts", "program figure",
                                               "302 200 403 403 404 404 404 404 404 404 404 404 404 404 404"),
    post("mentoring:program_parts", "program figure",
                                               "302 302 403 403 404 404 404 404 404 404 404 404 404 404 404"),

    # --- changing the plan --------------------------------------------------------------------------------
    get("mentoring:proposal_list", "grant",    "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),
    post("mentoring:proposal_start", "grant",  "302 302 403 403 403 404 403 404 302 302 404 404 404 404 404"),
    get("mentoring:proposal", "proposal",      "302 200 200 404 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:proposal", "agreed",        "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:proposal_edit", "proposal", "302 200 403 404 403 404 403 404 200 200 404 404 404 404 404"),
    post("mentoring:proposal_terms", "proposal",
                                               "302 422 403 404 403 404 403 404 422 422 404 404 404 404 404"),
    post("mentoring:proposal_propose", "proposal",
                                               "302 422 403 404 403 404 403 404 422 422 404 404 404 404 404"),
    post("mentoring:proposal_take_back", "proposal",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    post("mentoring:proposal_withdraw", "proposal",
                                               "302 422 403 404 403 404 403 404 422 422 404 404 404 404 404"),
    post("mentoring:proposal_reject", "proposal",
                                               "302 422 403 404 403 404 403 404 422 422 404 404 404 404 404"),
    post("mentoring:proposal_agree", "proposal",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    post("mentoring:proposal_agree_both", "proposal",
                                               "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404"),
    post("mentoring:proposal_carry_over", "proposal",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    post("mentoring:proposal_undo", "proposal step",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    get("mentoring:box_edit", "proposal box",  "302 200 403 404 403 404 403 404 200 200 404 404 404 404 404"),
    post("mentoring:box_edit", "proposal box", "302 422 403 404 403 404 403 404 422 422 404 404 404 404 404"),
    post("mentoring:box_move", "proposal move",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    post("mentoring:box_remove", "proposal box",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    get("mentoring:indicator_edit", "proposal indicator",
                                               "302 200 403 404 403 404 403 404 200 200 404 404 404 404 404"),
    post("mentoring:indicator_edit", "proposal indicator",
                                               "302 422 403 404 403 404 403 404 422 422 404 404 404 404 404"),
    post("mentoring:indicator_remove", "proposal gone",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),

    # --- the sheet -----------------------------------------------------------------------------------------
    get("mentoring:sheet_list", "grant",       "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:sheet_detail", "draft",     "302 200 200 404 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:sheet_detail", "submitted", "302 200 200 404 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:sheet_detail", "returned",  "302 200 200 404 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:sheet_detail", "closed",    "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:sheet_detail", "reopened",  "302 200 200 404 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:sheet_entry", "draft",      "302 302 403 404 403 404 403 404 200 200 404 404 404 404 404"),
    get("mentoring:sheet_entry", "reopened",   "302 200 403 404 403 404 403 404 200 200 404 404 404 404 404"),
    get("mentoring:sheet_entry", "closed",     "302 302 403 403 403 404 403 404 302 302 404 404 404 404 404"),
    autosave("mentoring:sheet_cells", "draft", "401 409 403 404 403 404 403 404 200 200 404 404 404 404 404",
             "remark-remark"),
    autosave("mentoring:sheet_cells", "reopened",
                                               "401 200 403 404 403 404 403 404 200 200 404 404 404 404 404",
             "remark-remark"),
    autosave("mentoring:sheet_cells", "closed",
                                               "401 409 403 403 403 404 403 404 409 409 404 404 404 404 404",
             "remark-remark"),
    get("mentoring:sheet_cells_now", "draft",  "302 200 403 404 403 404 403 404 200 200 404 404 404 404 404"),
    get("mentoring:sheet_cells_now", "closed", "302 200 403 403 403 404 403 404 200 200 404 404 404 404 404"),
    post("mentoring:sheet_submit", "draft",    "302 403 403 404 403 404 403 404 422 422 404 404 404 404 404",
         note="blank"),
    post("mentoring:sheet_return", "submitted",
                                               "302 302 403 404 403 404 403 404 403 403 404 404 404 404 404",
         reason="人数の数え方をそろえたい"),
    post("mentoring:sheet_return", "submitted",
                                               "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="without a reason"),
    post("mentoring:sheet_reopen", "closed",   "302 302 403 403 403 404 403 404 403 403 404 404 404 404 404",
         reason="人数に誤りがありました"),
    get("mentoring:sheet_files", "draft",      "302 200 200 404 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:sheet_files", "closed",     "302 200 200 403 200 404 200 404 200 200 404 404 404 404 404"),
    post("mentoring:sheet_files_add", "draft", "302 422 403 404 403 404 403 404 422 422 404 404 404 404 404",
         note="empty"),
    post("mentoring:sheet_files_add", "submitted",
                                               "302 422 403 404 403 404 403 404 409 409 404 404 404 404 404",
         note="empty"),
    post("mentoring:sheet_files_add", "closed",
                                               "302 409 403 403 403 404 403 404 409 409 404 404 404 404 404",
         note="empty"),
    post("mentoring:sheet_entry_files", "draft",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    get("mentoring:attachment", "attachment",  "302 200 200 404 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:attachment", "attachment of closed",
                                               "302 200 200 404 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:attachment", "removed",     "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    get("mentoring:attachment_thumbnail", "attachment",
                                               "302 200 200 404 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:attachment_thumbnail", "removed",
                                               "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    get("mentoring:attachment_edit", "attachment",
                                               "302 200 403 404 403 404 403 404 200 200 404 404 404 404 404"),
    get("mentoring:attachment_edit", "attachment of closed",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    post("mentoring:attachment_edit", "attachment",
                                               "302 422 403 404 403 404 403 404 422 422 404 404 404 404 404",
         note="empty"),
    post("mentoring:attachment_remove", "attachment",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    post("mentoring:attachment_remove", "attachment of closed",
                                               "302 409 403 404 403 404 403 404 409 409 404 404 404 404 404"),
    post("mentoring:attachment_restore", "removed",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    get("reports:sheet_pdf", "draft",          "302 200 200 404 200 404 200 404 200 200 404 404 404 404 404"),
    get("reports:sheet_pdf", "closed",         "302 302 302 302 302 404 302 404 302 302 404 404 404 404 404"),
    get("reports:sheet_excel", "draft",        "302 200 200 404 200 404 200 404 200 200 404 404 404 404 404"),
    get("reports:sheet_excel", "closed",       "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),
    get("reports:excel_upload", "draft",       "302 302 403 404 403 404 403 404 200 200 404 404 404 404 404"),
    get("reports:excel_upload", "reopened",    "302 200 403 404 403 404 403 404 200 200 404 404 404 404 404"),
    post("reports:excel_upload", "reopened",   "302 422 403 404 403 404 403 404 422 422 404 404 404 404 404",
         note="without a file"),
    post("reports:excel_confirm", "draft",     "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404",
         note="too old"),
    get("reports:document", "document",        "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),
    get("reports:document", "document of reopened",
                                               "302 200 200 200 200 404 200 404 200 200 404 404 404 404 404"),
    get("reports:sheet_close", "submitted",    "302 200 403 404 403 404 403 404 403 403 404 404 404 404 404"),
    post("reports:sheet_close", "submitted",   "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="without a meeting"),
    post("reports:sheet_close", "ready",       "302 409 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="without having read it"),
    post("reports:sheet_mails_send", "closed", "302 302 403 403 403 404 403 404 403 403 404 404 404 404 404"),
    get("mentoring:meeting_edit", "submitted", "302 200 403 404 403 404 403 404 403 403 404 404 404 404 404"),
    get("mentoring:meeting_edit", "closed",    "302 302 403 403 403 404 403 404 403 403 404 404 404 404 404"),
    post("mentoring:meeting_edit", "submitted",
                                               "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="empty"),
    autosave("mentoring:meeting_cells", "submitted",
                                               "401 200 403 404 403 404 403 404 403 403 404 404 404 404 404",
             "note-shared"),
    autosave("mentoring:meeting_cells", "closed",
                                               "401 409 403 403 403 404 403 404 403 403 404 404 404 404 404",
             "note-shared"),
    post("mentoring:meeting_aside", "submitted",
                                               "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="empty"),
    get("mentoring:internal_ask", "submitted", "302 200 403 404 403 404 403 404 403 403 404 404 404 404 404"),
    post("mentoring:internal_open", "submitted",
                                               "302 200 403 404 403 404 403 404 403 403 404 404 404 404 404",
         alone="on"),
    post("mentoring:internal_open", "submitted",
                                               "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="not said to be alone"),
    post("mentoring:internal_save", "submitted",
                                               "302 302 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="empty"),
    autosave("mentoring:internal_cells", "submitted",
                                               "401 200 403 404 403 404 403 404 403 403 404 404 404 404 404",
             "note-internal"),
    post("mentoring:meeting_order", "submitted",
                                               "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404",
         move="support:up"),
    post("mentoring:meeting_time", "submitted",
                                               "302 200 403 404 403 404 403 404 403 403 404 404 404 404 404",
         spent="{}"),
    get("mentoring:meeting_now", "submitted",  "302 200 403 404 403 404 403 404 403 403 404 404 404 404 404"),
    post("mentoring:meeting_check", "submitted",
                                               "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="empty"),
    post("mentoring:meeting_support", "submitted",
                                               "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="empty"),
    post("mentoring:meeting_proposal", "submitted",
                                               "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="empty"),
    post("mentoring:meeting_rows", "submitted",
                                               "302 200 403 404 403 404 403 404 403 403 404 404 404 404 404"),

    get("mentoring:meeting_calendar", "meeting",
                                               "302 200 200 404 200 404 200 404 200 200 404 404 404 404 404"),
    post("mentoring:meeting_question", "submitted",
                                               "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="empty"),

    # --- questions on a row --------------------------------------------------------------------------------
    post("mentoring:entry_question", "draft",  "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    get("mentoring:comment_new", "draft",      "302 200 403 404 403 404 403 404 200 200 404 404 404 404 404"),
    get("mentoring:comment_new", "closed",     "302 302 403 403 403 404 403 404 302 302 404 404 404 404 404"),
    post("mentoring:comment_new", "submitted", "302 422 403 404 403 404 403 404 422 422 404 404 404 404 404",
         note="blank"),
    get("mentoring:comment_reply", "question", "302 200 403 404 403 404 403 404 200 200 404 404 404 404 404"),
    post("mentoring:comment_reply", "question",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404",
         text="2施設です。"),
    get("mentoring:comment_reply", "question of closed",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    get("mentoring:comment_edit", "question",  "302 200 403 404 403 404 403 404 403 403 404 404 404 404 404"),
    post("mentoring:comment_edit", "question", "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="blank"),
    post("mentoring:comment_withdraw", "question",
                                               "302 302 403 404 403 404 403 404 403 403 404 404 404 404 404"),
    post("mentoring:comment_settle", "question",
                                               "302 302 403 404 403 404 403 404 403 403 404 404 404 404 404"),
    post("mentoring:comment_unsettle", "question",
                                               "302 302 403 404 403 404 403 404 403 403 404 404 404 404 404"),

    post("mentoring:meeting_tell", "meeting",  "302 302 403 404 403 404 403 404 403 403 404 404 404 404 404"),

    # --- support and homework ------------------------------------------------------------------------------
    get("mentoring:support_list", "grant",     "302 200 200 403 200 404 200 404 200 200 404 404 404 404 404"),
    get("mentoring:support_new", "grant",      "302 200 403 403 403 404 403 404 403 403 404 404 404 404 404"),
    post("mentoring:support_new", "grant",     "302 422 403 403 403 404 403 404 403 403 404 404 404 404 404",
         note="empty"),
    get("mentoring:support_edit", "support",   "302 200 403 404 403 404 403 404 403 403 404 404 404 404 404"),
    post("mentoring:support_edit", "support",  "302 422 403 404 403 404 403 404 403 403 404 404 404 404 404",
         note="empty"),
    post("mentoring:homework_done", "homework",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
    post("mentoring:homework_undone", "homework",
                                               "302 302 403 404 403 404 403 404 302 302 404 404 404 404 404"),
)  # fmt: skip

# What is not ours asks only whether somebody is signed in: anonymous, signed in. The admin's names are asked
# by tests/test_access.py (who gets in) and tests/test_tenants.py (whose rows).
ELSEWHERE = {
    "account_login": (200, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_signup": (200, 302),
    "account_reauthenticate": (302, 200),
    "account_email": (302, 302),
    "account_email_verification_sent": (200, 200),
    "account_change_password": (302, 200),
    "account_set_password": (302, 302),
    "account_reset_password": (200, 200),
    "account_reset_password_done": (200, 200),
    "account_reset_password_from_key_done": (200, 200),
    "account_confirm_login_code": (302, 302),
    "mfa_index": (302, 200),
    "mfa_authenticate": (302, 302),
    "mfa_reauthenticate": (302, 302),
    "mfa_activate_totp": (302, 302),
    "mfa_deactivate_totp": (302, 404),
    "mfa_view_recovery_codes": (302, 404),
    "mfa_generate_recovery_codes": (302, 302),
    "mfa_download_recovery_codes": (302, 404),
    "mfa_list_webauthn": (302, 200),
    "mfa_add_webauthn": (302, 302),
    "mfa_reauthenticate_webauthn": (302, 302),
    "mfa_login_webauthn": (302, 302),
}
WITH_KEYS = {  # a key of one's own in the address; allauth's tests ask them
    "account_confirm_email",
    "account_reset_password_from_key",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
}
