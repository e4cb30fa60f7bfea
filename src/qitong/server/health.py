"""Whether this installation is well: the database answers, is up to date, and a worker is alive."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils.module_loading import module_has_submodule
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

OK = "ok"
WORKER_SILENT_SECONDS = 30  # six missed heartbeats, see PROCRASTINATE_WORKER_DEFAULTS


@cache
def on_disk() -> frozenset[tuple[str, str]]:
    """(app, name) of each migration file this program came with; read once, files do not change."""
    found = set()
    for app in apps.get_app_configs():
        if app.module is None or not module_has_submodule(app.module, "migrations"):
            continue
        module = import_module(f"{app.name}.migrations")
        for folder in module.__path__:
            files = Path(folder).glob("[!_]*.py")
            found |= {(app.label, file.stem) for file in files}
    return frozenset(found)


def unapplied() -> frozenset[tuple[str, str]]:
    """(app, name) of the migrations the database lacks. Raises DatabaseError when it is unreachable."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        [exists] = cursor.fetchone() or (False,)
        if not exists:
            return on_disk()
        cursor.execute("SELECT app, name FROM django_migrations")
        return on_disk() - frozenset(cursor.fetchall())


def worker_is_alive() -> bool:
    """Whether any worker has reported within ``WORKER_SILENT_SECONDS``, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %s))",
            [WORKER_SILENT_SECONDS],
        )
        [alive] = cursor.fetchone() or (False,)
    return bool(alive)


def report() -> dict[str, str]:
    """``database``, ``migrations`` and ``worker``, each "ok" or what is not."""
    try:
        missing = unapplied()
        if missing:
            return {"database": OK, "migrations": f"{len(missing)} not applied", "worker": "unknown"}
        worker = OK if worker_is_alive() else f"no heartbeat for {WORKER_SILENT_SECONDS} s"
    except DatabaseError:
        return {"database": "unreachable", "migrations": "unknown", "worker": "unknown"}
    return {"database": OK, "migrations": OK, "worker": worker}


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 once all is well, else 503 naming what is not."""
    parts = report()
    well = set(parts.values()) == {OK}
    return JsonResponse({"status": OK if well else "unwell", **parts}, status=200 if well else 503)
