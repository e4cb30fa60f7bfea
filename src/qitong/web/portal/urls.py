from __future__ import annotations

from django.urls import path

from qitong.web.portal import (
    calendar,
    case,
    checking,
    company,
    consents,
    conversation,
    deeds,
    erasing,
    files,
    home,
    looks,
    materials,
    members,
    projects,
    receipt,
    saving,
    start,
    wizard,
)

app_name = "portal"

_DRAFT = "my/drafts/<int:pk>"
_CASE = "my/cases/<str:number>"

urlpatterns = [
    path("my", home.home, name="home"),
    path("my/cases", home.cases, name="cases"),
    path("my/start", start.start, name="start"),
    path("my/tell", start.tell, name="tell"),
    path("my/drafts", home.drafts, name="drafts"),
    path(f"{_DRAFT}", wizard.resume, name="draft"),
    path(f"{_DRAFT}/q/<str:key>", wizard.question, name="question"),
    path(f"{_DRAFT}/save", saving.save, name="save"),
    path(f"{_DRAFT}/materials", wizard.overview, name="materials"),
    path(f"{_DRAFT}/materials/<str:key>", materials.one, name="material"),
    path(f"{_DRAFT}/deferral", wizard.commitment, name="deferral"),
    path(f"{_DRAFT}/check", checking.check, name="check"),
    path(f"{_DRAFT}/authorise", checking.authorise, name="authorise"),
    path(f"{_DRAFT}/discard", checking.discard, name="discard"),
    path(f"{_CASE}", case.page, name="case"),
    path(f"{_CASE}/notes", conversation.notes, name="notes"),
    path(f"{_CASE}/notes/read", conversation.read, name="notes-read"),
    path(f"{_CASE}/looks", looks.page, name="looks"),
    path(f"{_CASE}/receipt", receipt.receipt, name="receipt"),
    path(f"{_CASE}/withdraw", deeds.withdraw, name="withdraw"),
    path(f"{_CASE}/confirm", deeds.confirm, name="confirm"),
    path(f"{_CASE}/reopen", deeds.reopen, name="reopen"),
    path(f"{_CASE}/supplements/<int:pk>", deeds.answer, name="supplement"),
    path(f"{_CASE}/materials/<str:key>", deeds.cure, name="cure"),
    path("my/calendar", calendar.settings, name="calendar"),
    path("my/projects", projects.listing, name="projects"),
    path("my/projects/new", projects.new, name="project_new"),
    path("my/projects/<int:pk>", projects.plan, name="project"),
    path("my/projects/<int:pk>/facts", projects.answers_page, name="project_facts"),
    path("my/projects/<int:pk>/items/<slug:code>", projects.open_item, name="project_item"),
    path("my/projects/<int:pk>/reached/<str:code>", projects.reached, name="project_reached"),
    path("my/company", company.listing, name="companies"),
    path("my/company/<int:pk>", company.page, name="company"),
    path("my/company/<int:pk>/contact", company.edit, name="company_edit"),
    path("my/company/<int:pk>/erasure", erasing.page, name="company_erasure"),
    path("my/company/<int:pk>/members/new", members.add, name="member_add"),
    path("my/company/<int:pk>/members/<int:member>", members.manage, name="member"),
    path("my/consents", consents.listing, name="consents"),
    path("my/consents/<int:pk>/revoke", consents.revoke, name="consent_revoke"),
    path("documents/<uuid:public_id>", files.document, name="document"),
]
