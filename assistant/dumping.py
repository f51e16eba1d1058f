"""A PostgreSQL database dumped by pg_dump and brought back by pg_restore: one snapshot, all of it or nothing.

Both programs are PostgreSQL's own. They are told the server and the password by their environment, never by their
command line, and what they say is never repeated, for it may quote a row.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from assistant.database import sentences
from assistant.databases.addresses import driver_arguments, is_near, postgres_url
from assistant.databases.postgres import outside_transactions, postgres_engine, postgres_revision
from assistant.errors import AssistantError

_SYSTEM = Path("/usr/lib/postgresql")  # where Debian keeps the programs of each version
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_DUMP = (
    "--format=custom",
    "--no-owner",
    "--no-privileges",
    "--extension=plpgsql",  # pgvector belongs to its tables, which are made anew
    "--exclude-table=near_*",
    "--lock-wait-timeout=5min",
)
_LOAD = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--dbname=")
_KEPT = ("HOME", "PATH", "PGPASSFILE", "TMPDIR", "LD_LIBRARY_PATH", "SystemRoot")
_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
# Everything of a user's in a database but what an extension brought.
_OWN = (
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND NOT EXISTS"
    " (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')"
)
_MAY_NOT = "42501"
_REASONS = {
    "password authentication failed": "the server refuses the user or the password",
    "no password supplied": "the password is in neither database_url, PGPASSWORD nor ~/.pgpass",
    "no space left on device": "a disk is full",
    "could not connect": "the server does not answer",
    "connection to server": "the server does not answer, or refuses the connection",
    "permission denied": "the user of database_url may not read all tables; let it own the database",
    "unsupported version": "it was dumped by a newer pg_dump",
    "version mismatch": "the program is older than the server",
}


class DumpError(AssistantError):
    """A dump that cannot be made or brought back."""


class Server:
    """The database that `address` names, as the programs in `programs` (None: found on the machine) dump it."""

    def __init__(self, data_dir: Path, address: str, programs: Path | None = None) -> None:
        self._data_dir, self._url, self._programs = data_dir, postgres_url(address), programs

    @property
    def address(self) -> str:
        """The address, with the password where one stands in it."""
        return self._url.set(drivername="postgresql").render_as_string(hide_password=False)

    def revision(self) -> str | None:
        """The schema revision of the database; None where it has no tables of ours."""
        with self._connected() as connection:
            return postgres_revision(connection)

    def version(self) -> int:
        """The server's major version."""
        with self._connected() as connection:
            return _major(connection)

    def is_empty(self) -> bool:
        """Whether there is no table in it; extensions may be."""
        with self._connected() as connection:
            return not connection.exec_driver_sql(_OWN).scalar()

    def dump(self, to: Path) -> None:
        """Write one snapshot of the database into the new file `to` (mode 0600), while others read and write it."""
        program, version = self._program("pg_dump"), self.version()
        if program_version(program) < version:
            raise DumpError(
                f"The server is PostgreSQL {version} and {program} is older; install the client programs of {version}, "
                "or name their folder in IMR_POSTGRES_BIN."
            )
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            self._run([program, *_DUMP], stdout=out)

    def load(self, dump: Path, version: int) -> None:
        """Bring back a dump of a server of major version `version`, in one transaction, into an empty database."""
        if not self.is_empty():
            raise DumpError("The database that database_url names is not empty; create a new one and name that.")
        ours, program = self.version(), self._program("pg_restore")
        if ours < version:
            raise DumpError(
                f"The backup is of PostgreSQL {version} and this server is {ours}; restore it into {version} or newer."
            )
        self._run([program, *_LOAD, dump], stdout=subprocess.DEVNULL)

    def read_through(self, dump: Path) -> None:
        """Read the whole dump as a restore would, without a database; DumpError where it cannot be."""
        self._run([self._program("pg_restore"), "--file=-", dump], stdout=subprocess.DEVNULL)

    @contextmanager
    def scratch(self) -> Iterator[Server | None]:
        """A new, empty database of the same server, dropped after the block; None where the user may make none."""
        name = f"imr_check_{secrets.token_hex(8)}"
        made = Server(self._data_dir, self.address, self._programs)
        made._url = self._url.set(database=name)
        try:
            self._outside(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        except ProgrammingError as error:
            told = error.orig.args[0] if error.orig and error.orig.args else None
            if not isinstance(told, dict) or told.get("C") != _MAY_NOT:
                raise
            yield None
            return
        try:
            yield made
        finally:
            self._outside(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _outside(self, statement: str) -> None:
        engine = self._engine()
        try:
            with outside_transactions(engine) as connection:
                connection.execute(text("SET statement_timeout = 0"))
                connection.execute(text(statement))
        finally:
            engine.dispose()

    def _engine(self) -> Engine:
        return postgres_engine(self._data_dir, self.address, 1)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = self._engine()
        try:
            with sentences(engine), engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def _program(self, name: str) -> Path:
        return program(name, self._programs)

    def _run(self, command: list[Any], *, stdout: Any) -> None:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, with arguments made here
            [*map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env=environment(self._url, os.environ),
            check=False,
        )
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").lower()
            why = next((reason for sign, reason in _REASONS.items() if sign in said), f"exit {done.returncode}")
            raise DumpError(
                f"{Path(command[0]).name} did not succeed ({why}); nothing was changed, mend it, try again."
            )


def program(name: str, folder: Path | None) -> Path:
    """Where a program of PostgreSQL lies: in `folder`, else on PATH, else the system's newest; DumpError: nowhere."""
    if folder is not None:
        found = [folder / name]
    else:
        on_path = shutil.which(name)
        newest = sorted(_SYSTEM.glob("*/bin"), key=lambda path: -int(path.parent.name))
        found = [*([Path(on_path)] if on_path else []), *(each / name for each in newest)]
    there = next((path for path in found if path.is_file()), None)
    if there is None:
        raise DumpError(
            f"There is no {name} in {folder or 'PATH'}; install PostgreSQL's client programs, or name their folder in "
            "IMR_POSTGRES_BIN."
        )
    return there


def program_version(path: Path) -> int:
    """The major version that a program of PostgreSQL says it is of."""
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
        if said := _VERSION.search(done.stdout):
            return int(said[1])
    raise DumpError(f"{path} does not say its version; name a folder of PostgreSQL's programs in IMR_POSTGRES_BIN.")


def environment(url: Any, ours: Mapping[str, str]) -> dict[str, str]:
    """What PostgreSQL's programs are told: the server, the user, the password, and how TLS is checked.

    Nothing else of this process's environment goes to them, least of all its keys.
    """
    at, said = driver_arguments(url, ours)
    host = said["host"] if isinstance(at, tuple) else str(Path(at).parent)
    made = {name: ours[name] for name in _KEPT if name in ours} | {
        "LC_ALL": "C",
        "PGHOST": host,
        "PGPORT": str(url.port or 5432),
        "PGDATABASE": said["database"],
        "PGUSER": said["user"],
        "PGCONNECT_TIMEOUT": "10",
        "PGSSLMODE": str(url.query.get("sslmode") or ("disable" if is_near(host) else "verify-full")),
    }
    if password := said.get("password"):
        made["PGPASSWORD"] = password
    if made["PGSSLMODE"].startswith("verify"):
        made["PGSSLROOTCERT"] = _authorities(url)
    return made


def _authorities(url: Any) -> str:
    """The file of the authorities that a server's certificate is checked against: as our own driver does."""
    if named := url.query.get("sslrootcert"):
        return str(named)
    known = (ssl.get_default_verify_paths().cafile, _AUTHORITIES)
    return next((str(path) for path in known if path and Path(path).is_file()), "system")


def _major(connection: Connection) -> int:
    return int(str(connection.exec_driver_sql("SHOW server_version_num").scalar())) // 10000
