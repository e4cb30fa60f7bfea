"""The officers' addresses, all under ``/desk``."""

from __future__ import annotations

from django.urls import path, re_path

from qitong.web.workbench import (
    absences,
    audit,
    board,
    bulk,
    calendar,
    cases,
    conversation,
    desks,
    documents,
    erasures,
    exports,
    inbox,
    ledger,
    licences,
    personal,
    phrases,
    review,
    saved,
    search,
    users,
)

app_name = "workbench"
urlpatterns = [
    path("desk", inbox.show, name="inbox"),
    path("desk/filters", saved.show, name="filters"),
    re_path(
        r"^desk/filters/(?P<pk>[0-9]{1,18})/(?P<slug>rename|default|delete)$", saved.do, name="filter-do"
    ),
    path("desk/licence", licences.find, name="licence_find"),
    path("desk/licence/<str:uscc>", licences.correct, name="licence"),
    path("desk/bulk", bulk.confirm, name="bulk"),
    path("desk/bulk/<uuid:key>", bulk.result, name="bulk-result"),
    path("desk/exports", exports.show, name="exports"),
    path("desk/exports/new", exports.new, name="export-new"),
    path("desk/exports/<uuid:public_id>", exports.fetch, name="export"),
    path("desk/exports/<uuid:public_id>/retry", exports.retry, name="export-retry"),
    path("desk/phrases", phrases.show, name="phrases"),
    path("desk/phrases/starters", phrases.starters, name="phrase-starters"),
    path("desk/phrases/<int:pk>", phrases.show, name="phrase"),
    path("desk/phrases/<int:pk>/delete", phrases.delete, name="phrase-delete"),
    path("desk/phrases/for/<str:number>", phrases.for_case, name="phrases-for"),
    path("desk/tasks", board.show, name="tasks"),
    path("desk/calendar", calendar.settings, name="calendar"),
    path("desk/absences", absences.show, name="absences"),
    path("desk/absences/<int:pk>/cancel", absences.cancel, name="absence-cancel"),
    path("desk/handover", desks.choose, name="desks"),
    path("desk/handover/<int:pk>", desks.show, name="desk"),
    path("desk/documents/<uuid:public_id>", documents.show, name="document"),
    path("desk/erasures", erasures.show, name="erasures"),
    path("desk/erasures/<int:pk>", erasures.do, name="erasure-do"),
    path("desk/people", users.show, name="people"),
    path("desk/people/<int:pk>", users.one, name="person"),
    path("desk/people/<int:pk>/<slug:slug>", users.do, name="person-do"),
    path("desk/audit", audit.show, name="audit"),
    path("desk/search", search.show, name="search"),
    path("desk/search.json", search.few, name="search-few"),
    path("desk/cases/<str:number>", cases.show, name="case"),
    path("desk/cases/<str:number>/show", personal.show, name="show"),
    path("desk/cases/<str:number>/notes", conversation.notes, name="notes"),
    path("desk/cases/<str:number>/notes/read", conversation.read, name="notes-read"),
    path("desk/cases/<str:number>/materials/<str:key>", review.show, name="material"),
    path("desk/cases/<str:number>/ledger", ledger.show, name="ledger"),
    path("desk/cases/<str:number>/do/<slug:slug>", cases.do, name="do"),
    path("desk/cases/<str:number>/tasks/<int:task_id>/<slug:slug>", cases.do, name="do-task"),
]
