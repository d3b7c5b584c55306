"""A PostgreSQL database of the bench's own: made empty, migrated, dropped at the end."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

NAME = "casemgr_bench"
DEFAULT_SERVER = "postgresql://postgres@127.0.0.1/postgres"
# Both sides of every comparison run in one backend, whose CPU is what is read; background vacuums would be neighbours.
SESSION = {"jit": "off", "max_parallel_workers_per_gather": "0", "random_page_cost": "1.1", "work_mem": "64MB"}


class NoServerError(Exception):
    """There is no PostgreSQL to measure on; the message says what was tried."""


def server_of(environment: Mapping[str, str]) -> str:
    """Where PostgreSQL answers: the server of DATABASE_URL, else the local one.

    :raises NoServerError:
    """
    url = environment.get("DATABASE_URL", "")
    if not url.startswith(("postgres://", "postgresql://")):
        url = DEFAULT_SERVER
    try:
        with psycopg.connect(named(url, "postgres"), connect_timeout=5):
            return url
    except psycopg.OperationalError as error:
        raise NoServerError(f"{urlsplit(url).hostname}: {str(error).strip().splitlines()[0]}") from error


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """The URL of an empty database that is dropped afterwards, whatever happens.

    :raises NoServerError: this role may not create databases.
    """
    admin, name = named(server, "postgres"), sql.Identifier(NAME)
    with psycopg.connect(admin, autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        except psycopg.errors.InsufficientPrivilege as error:
            raise NoServerError(f"this role may not create {NAME}: {error}") from error
        for setting, value in SESSION.items():
            connection.execute(
                sql.SQL("ALTER DATABASE {} SET {} = {}").format(name, sql.Identifier(setting), sql.Literal(value))
            )
    try:
        yield named(server, NAME)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def set_up_django(url: str | None) -> None:
    """Production's settings on this database; without one only what needs no rows can be measured."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgr.settings")
    os.environ["LOG_LEVEL"] = "ERROR"  # standard output is for figures
    if url is not None:
        os.environ["DATABASE_URL"] = url
    import django

    django.setup()


def migrate() -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} SET (autovacuum_enabled = false)")


def named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
