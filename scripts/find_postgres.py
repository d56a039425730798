"""find_postgres.py PORT NAME: prints a DATABASE_URL on 127.0.0.1:PORT for whom may make databases there.

Exits with 1 when nothing answers, or nobody we can be is allowed to. The database NAME need not exist:
tests make their own beside it.
"""

import getpass
import sys

import psycopg2


def main(port: str, name: str) -> int:
    for user, password in (
        ("postgres", ""),
        (getpass.getuser(), ""),
        ("postgres", "postgres"),
    ):
        try:
            connection = psycopg2.connect(
                host="127.0.0.1",
                port=port,
                user=user,
                password=password,
                dbname="postgres",
                connect_timeout=3,
            )
        except psycopg2.OperationalError:
            continue
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")
            allowed = cursor.fetchone()
            if not (allowed and allowed[0]):
                continue
        connection.close()
        secret = f":{password}" if password else ""
        sys.stdout.write(f"postgres://{user}{secret}@127.0.0.1:{port}/{name}\n")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
