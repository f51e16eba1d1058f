"""What `database_url` may say, and how the driver hears it: sockets, TLS, and a password that stands elsewhere."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from assistant.errors import DatabaseUnavailable

DRIVER = "postgresql+pg8000"
_PORT = 5432
_OPTIONS = frozenset({"host", "sslmode", "sslrootcert"})
_MODES = ("disable", "require", "verify-ca", "verify-full")
_FIELDS = 5  # of a line of a password file


def postgres_url(text: str) -> URL:
    """The address that `database_url` names; DatabaseUnavailable, which never repeats it, where it names none."""
    try:
        url = make_url(text)
    except ArgumentError:
        url = None
    if url is None or url.drivername not in ("postgresql", "postgres", DRIVER) or not url.database:
        raise DatabaseUnavailable(
            "The setting database_url is no address of a database; write it as postgresql://USER@HOST/DATABASE."
        )
    unknown = sorted(set(url.query) - _OPTIONS)
    if unknown:
        raise DatabaseUnavailable(
            f"The setting database_url has an option that is not known; known are {', '.join(sorted(_OPTIONS))}."
        )
    return url.set(drivername=DRIVER)


def where(url: URL) -> str:
    """The server and the database as a sentence may show them, without user and password."""
    return f"{_host(url)}:{url.port or _PORT}/{url.database}"


def driver_arguments(
    url: URL, environment: Mapping[str, str] | None = None
) -> tuple[str | tuple[str, int], dict[str, Any]]:
    """Where the server listens (a socket's path, or host and port), and what pg8000 takes besides.

    A password comes from the address, PGPASSWORD or the password file. A server that is neither a socket nor on
    loopback is spoken to by TLS with its certificate checked, unless `sslmode` says otherwise.
    """
    environment = os.environ if environment is None else environment
    host, port = _host(url), url.port or _PORT
    password = url.password or environment.get("PGPASSWORD") or _filed_password(url, environment)
    arguments: dict[str, Any] = {"user": url.username or environment.get("USER", ""), "database": url.database}
    if password:
        arguments["password"] = password
    if host.startswith("/"):
        return f"{host}/.s.PGSQL.{port}", arguments | {"ssl_context": False}
    return (host, port), arguments | {"host": host, "ssl_context": _tls(url, host)}


def is_near(host: str) -> bool:
    """Whether a host is a socket's folder or a loopback address, so that nothing passes a network."""
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _host(url: URL) -> str:
    named = url.query.get("host") or url.host or "localhost"
    return named if isinstance(named, str) else named[0]


def _tls(url: URL, host: str) -> ssl.SSLContext | bool:
    mode = url.query.get("sslmode") or ("disable" if is_near(host) else "verify-full")
    if mode not in _MODES:
        raise DatabaseUnavailable(f"The option sslmode of database_url is none of {', '.join(_MODES)}.")
    if mode == "disable":
        return False
    roots = url.query.get("sslrootcert")
    try:
        context = ssl.create_default_context(cafile=str(roots) if roots else None)
    except OSError:
        raise DatabaseUnavailable("The file that sslrootcert of database_url names cannot be read.") from None
    if mode != "verify-full":
        context.check_hostname = False
    if mode == "require":
        context.verify_mode = ssl.CERT_NONE
    return context


def _filed_password(url: URL, environment: Mapping[str, str]) -> str | None:
    """The password that the file of PGPASSFILE (`~/.pgpass`) has for this server, if nobody else may read the file."""
    path = Path(environment.get("PGPASSFILE") or Path.home() / ".pgpass")
    try:
        if path.stat().st_mode & 0o077:
            return None
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    wanted = (_host(url), str(url.port or _PORT), url.database, url.username)
    for line in lines:
        fields = line.replace("\\:", "\0").split(":")
        if len(fields) == _FIELDS and all(f in ("*", w) for f, w in zip(fields, wanted, strict=False)):
            return fields[4].replace("\0", ":")
    return None
