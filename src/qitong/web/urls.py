"""All addresses of the surfaces. Each surface brings its own ``urls.py``."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import module_has_submodule

from qitong.web.common import (
    account,
    app,
    calendar,
    devices,
    erasing,
    looks,
    mail_off,
    messages,
    notifying,
    oidc,
    password,
    policy_windows,
    presence,
    registering,
    second_factor,
    second_proof,
    signing_in,
    theme,
    views,
    visiting,
)
from qitong.web.common.gallery import gallery

SURFACES = ("portal", "workbench", "dashboard", "public")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("login", signing_in.sign_in, name="login"),
    path("login/code", signing_in.code, name="login_code"),
    path("login/oidc", oidc.go, name="login_oidc"),
    path("login/oidc/back", oidc.back, name="oidc_back"),
    path("login/second", second_proof.ask, name="login_second"),
    path("login/second/new", second_proof.enrol, name="login_enrol"),
    path("login/unsent", presence.unsent, name="unsent"),
    path("logout", views.sign_out, name="logout"),
    path("register", registering.register, name="register"),
    path("register/code", registering.code, name="register_code"),
    path("language", views.language, name="language"),
    path("theme", theme.choose, name="theme"),
    path("messages", messages.show, name="messages"),
    path("sw.js", app.worker, name="worker"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("offline", app.offline, name="offline"),
    path("visit/end", visiting.end, name="visit_end"),
    path("account", account.show, name="account"),
    path("account/name", account.name, name="account_name"),
    path("account/address", account.address, name="account_address"),
    path("account/address/code", account.confirm, name="account_confirm"),
    path("account/password", password.change, name="account_password"),
    path("account/password/code", password.send, name="account_password_code"),
    path("account/second-factor", second_factor.show, name="account_second"),
    path("account/sessions", devices.show, name="account_sessions"),
    path("account/erasure", erasing.mine, name="account_erasure"),
    path("account/looks", looks.mine, name="account_looks"),
    path("account/notifications", notifying.show, name="notifications"),
    path("mail/off/<str:secret>", mail_off.show, name="mail_off"),
    path("calendar/policies.ics", policy_windows.feed, name="calendar-policies"),
    path("calendar/<str:secret>.ics", calendar.company_feed, name="calendar-company"),
    path("calendar/desk/<str:secret>.ics", calendar.office_feed, name="calendar-office"),
]
if not settings.PRODUCTION:
    dense = path("gallery/workbench", gallery, {"layout": "workbench"}, name="gallery-workbench")
    urlpatterns += [path("gallery", gallery, name="gallery"), dense]
for surface in SURFACES:
    if module_has_submodule(import_module(f"qitong.web.{surface}"), "urls"):
        urlpatterns.append(path("", include(f"qitong.web.{surface}.urls")))
