"""Databases of our own beside the named one, taken away again at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import environ
import psycopg2

DEFAULT = "postgres://postgres@127.0.0.1:5432/banso_bench"


@contextmanager
def server(url: str) -> Iterator["psycopg2.extensions.cursor"]:
    settings = environ.Env().db_url_config(url)
    connection = psycopg2.connect(
        dbname="postgres",
        host=settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"],
        connect_timeout=3,
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def postgres_url() -> str | None:
    """DATABASE_URL when it names a PostgreSQL server, else 127.0.0.1:5432; None when nothing answers there."""
    url = os.environ.get("DATABASE_URL", DEFAULT)
    if not url.startswith("postgres"):
        return None
    try:
        with server(url):
            return url
    except psycopg2.OperationalError:
        return None


@contextmanager
def fresh_database(url: str, name: str) -> Iterator[str]:
    """An empty database `name` on the server of `url`; yields its address."""
    with server(url) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        with server(url) as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
