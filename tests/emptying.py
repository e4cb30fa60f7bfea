"""What a test has really committed goes again: only the tables it wrote to are emptied.

Django would truncate all hundred, with an index or five each, and write permissions anew after that.
"""

from __future__ import annotations

from django.db import connection, transaction
from psycopg.sql import SQL, Identifier, Literal

_SETTLED = ("django_migrations", "django_content_type", "auth_permission")


def filled() -> set[str]:
    """The tables that hold rows, beside those that the migrations fill."""
    names = [t for t in connection.introspection.table_names() if t not in _SETTLED]
    asked = SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    with connection.cursor() as cursor:
        cursor.execute(SQL(" UNION ALL ").join(asked.format(Literal(t), Identifier(t)) for t in names))
        return {row[0] for row in cursor.fetchall()}


def empty() -> None:
    """Leave the tables as the migrations did: no row, dead or alive, and nothing known of their size.

    Triggers that keep what is kept rest meanwhile (a superuser may), and only here.
    """
    tables = sorted(filled())
    if not tables:
        return
    with connection.cursor() as cursor:
        with transaction.atomic():
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in tables:
                cursor.execute(SQL("DELETE FROM {}").format(Identifier(table)))
        cursor.execute(SQL("VACUUM {}").format(SQL(", ").join(map(Identifier, tables))))
        # Else plans would be made for tables known to be empty.
        cursor.execute(
            "UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE oid = ANY(%s::regclass[])", [tables]
        )
