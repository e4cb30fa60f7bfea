from __future__ import annotations

import pytest

from qitong.server.database import settings_from


def test_a_url_is_taken_apart() -> None:
    found = settings_from("postgresql://us%40er:p%2Fw@db.example:6432/city?sslmode=require")
    assert found == {
        "NAME": "city",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_socket_folder_is_a_host() -> None:
    found = settings_from("postgresql://postgres:@/postgres?host=/data/pg")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("/data/pg", "", {})


@pytest.mark.parametrize("url", ["mysql://root@db/x", "sqlite:///x.db", "db.example"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(SystemExit, match="postgresql://"):
        settings_from(url)
