"""The container, compose and Kubernetes files: they fit their schemas, and nothing is open that should be closed."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from assistant import __version__

_ROOT = Path(__file__).parents[1]
_DEPLOY = _ROOT / "deploy"
_CONTAINERFILE = (_ROOT / "Containerfile").read_text("utf-8")
_COMPOSE_TEXT = (_ROOT / "compose.yaml").read_text("utf-8")
_COMPOSE = yaml.safe_load(_COMPOSE_TEXT)
_SERVICES: dict[str, dict[str, Any]] = _COMPOSE["services"]
_FILES = sorted(_DEPLOY.glob("kubernetes*/*.yaml"))
_PINNED = re.compile(r"^[\w./-]+:[\w.-]*\d[\w.-]*(@sha256:[0-9a-f]{64})?$")
_SECRET_WORDS = re.compile(r"password|secret|token|key", re.IGNORECASE)
_KUBERNETES = "1.34"  # the schemas that the manifests are held against


def _objects() -> Iterator[dict[str, Any]]:
    for file in _FILES:
        if file.name != "kustomization.yaml":
            yield from (each for each in yaml.safe_load_all(file.read_text("utf-8")) if each)


def _of(kind: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in _objects() if each["kind"] == kind}


def _pods() -> dict[str, dict[str, Any]]:
    return {n: o["spec"]["template"]["spec"] for kind in ("Deployment", "StatefulSet") for n, o in _of(kind).items()}


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"deploy_{name}", _DEPLOY / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- the container file


def test_the_image_is_installed_by_hash_and_runs_without_root_or_installer() -> None:
    last = _CONTAINERFILE.rsplit("\nFROM ", 1)[1]
    assert "--require-hashes" in _CONTAINERFILE.rsplit("\nFROM ", 1)[0]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "pip uninstall --yes --quiet pip setuptools wheel" in last
    assert not re.search(r"apt-get|curl|wget|ADD ", _CONTAINERFILE)
    assert re.search(r'^VOLUME \["/data", "/tmp"\]$', last, re.MULTILINE)
    assert re.search(r'^HEALTHCHECK .*"/app/healthy.py", "/healthz"\]$', last, re.MULTILINE)
    assert last.index("USER") > last.rindex("RUN")


def test_no_secret_stands_in_the_container_file() -> None:
    set_there = re.findall(r"^(?:ENV|ARG) .*$|^    [A-Z_]+=.*$", _CONTAINERFILE, re.MULTILINE)
    assert set_there
    assert [line for line in set_there if _SECRET_WORDS.search(line)] == []


def test_what_is_copied_is_there_and_passes_the_ignore_file() -> None:
    allowed = {line[1:] for line in (_ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"}
    copied = [
        word for line in re.findall(r"^COPY ([^-].*)$", _CONTAINERFILE, re.MULTILINE) for word in line.split()[:-1]
    ]
    assert len(copied) >= 6
    assert [name for name in copied if not (_ROOT / name).exists() or name not in allowed] == []
    assert (_ROOT / ".dockerignore").read_text("utf-8").splitlines()[1] == "*"


# --- compose


def test_compose_fits_its_specification() -> None:
    from compose_spec import PyCompose

    filled = re.sub(r"\$\{\w+(?::-([^}]*)|:\?[^}]*)\}", lambda match: match[1] or "imr.example.org", _COMPOSE_TEXT)
    whole = yaml.safe_load(filled)
    assert sorted(PyCompose.from_json(json.dumps(whole)).service_names()) == sorted(_SERVICES)
    whole["services"]["app"]["read_onyl"] = True
    with pytest.raises(ValueError, match="read_onyl"):
        PyCompose.from_json(json.dumps(whole))


@pytest.mark.parametrize("name", _SERVICES)
def test_a_service_is_closed_up(name: str) -> None:
    service = _SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"] == {"core": 0}
    assert int(service["user"].split(":")[0]) > 0
    assert service["healthcheck"]["test"][0] == "CMD"
    assert {"mem_limit", "pids_limit", "networks"} <= set(service)
    assert not {"privileged", "network_mode", "pid", "ipc", "devices", "env_file"} & set(service)
    assert not any("docker.sock" in volume for volume in service.get("volumes", []))


@pytest.mark.parametrize("name", _SERVICES)
def test_an_image_is_pinned(name: str) -> None:
    image = _SERVICES[name]["image"].replace("${IMR_VERSION:-", "").rstrip("}")
    assert _PINNED.match(image)
    if image.startswith("imr-assistant"):
        assert image == f"imr-assistant:{__version__}"


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in _SERVICES.items() if "ports" in service] == ["proxy"]
    internal = {name for name, network in _COMPOSE["networks"].items() if (network or {}).get("internal")}
    assert internal == {"page", "records", "vectors"}
    assert [name for name, service in _SERVICES.items() if set(service["networks"]) - internal] == ["proxy"]


@pytest.mark.parametrize(("server", "network"), [("chroma", "vectors"), ("postgres", "records")])
def test_a_server_of_data_is_reached_by_the_app_alone(server: str, network: str) -> None:
    assert list(_SERVICES[server]["networks"]) == [network]
    assert {name for name, service in _SERVICES.items() if network in service["networks"]} == {"app", server}


def test_chroma_is_the_rust_server_of_the_programs_own_image() -> None:
    chroma = _SERVICES["chroma"]
    assert chroma["image"] == _SERVICES["app"]["image"]
    assert (chroma["entrypoint"], chroma["command"][0]) == (["chroma"], "run")


def test_secrets_are_files_and_never_inline() -> None:
    for name, service in _SERVICES.items():
        inline = [
            key
            for key, value in service.get("environment", {}).items()
            if _SECRET_WORDS.search(key) and not str(value).startswith("/run/secrets/")
        ]
        assert inline == [], name
        assert "@" not in service.get("environment", {}).get("IMR_DATABASE_URL", "").replace("imr@postgres", "", 1)
    assert all(set(secret) == {"file"} for secret in _COMPOSE["secrets"].values())
    assert {s for service in _SERVICES.values() for s in service.get("secrets", [])} == set(_COMPOSE["secrets"])
    assert "/secrets/" in (_ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_the_app_is_served_with_accounts_behind_the_proxy_it_trusts() -> None:
    environment = _SERVICES["app"]["environment"]
    assert environment["IMR_ACCOUNTS"] == "on"
    assert environment["IMR_TRUSTED_PROXIES"] == _SERVICES["proxy"]["networks"]["page"]["ipv4_address"]
    assert environment["IMR_PUBLIC_URL"].startswith("https://")


def test_the_proxy_speaks_tls_and_hides_the_probes() -> None:
    caddy = (_DEPLOY / "Caddyfile").read_text("utf-8")
    assert "tls /run/secrets/tls_certificate /run/secrets/tls_key" in caddy
    assert "admin off" in caddy
    assert re.search(r"@inside path /healthz\* /readyz\* /metrics\*\n\s*respond @inside 404", caddy)


# --- Kubernetes


@pytest.mark.parametrize("file", _FILES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_each_manifest_fits_the_schema_of_its_kind(file: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import kubernetes_validate

        for each in yaml.safe_load_all(file.read_text("utf-8")):
            if each["kind"] != "Kustomization":
                kubernetes_validate.validate(each, _KUBERNETES, strict=True)


@pytest.mark.parametrize("name", _pods())
def test_a_pod_is_restricted(name: str) -> None:
    pod = _pods()[name]
    security = pod["securityContext"]
    assert security["runAsNonRoot"] is True
    assert security["runAsUser"] > 0
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
    assert not any("hostPath" in volume for volume in pod.get("volumes", []))
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert _PINNED.match(container["image"])
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container)
        assert {"requests", "limits"} <= set(container["resources"])
        assert not any("hostPort" in port for port in container["ports"])
        assert not any(_SECRET_WORDS.search(v["name"]) for v in container.get("env", []) if "FILE" not in v["name"])


def test_the_namespace_refuses_what_is_not_restricted() -> None:
    (namespace,) = _of("Namespace").values()
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_no_service_is_open_to_outside_the_cluster() -> None:
    assert set(_of("Service")) == {"app", "postgres", "chroma"}
    assert [n for n, s in _of("Service").items() if s["spec"].get("type", "ClusterIP") != "ClusterIP"] == []


@pytest.mark.parametrize(("server", "port"), [("chroma", 8000), ("postgres", 5432)])
def test_only_the_app_reaches_a_server_of_data(server: str, port: int) -> None:
    label = {"app.kubernetes.io/name": server}
    (policy,) = [
        p["spec"] for p in _of("NetworkPolicy").values() if p["spec"]["podSelector"].get("matchLabels") == label
    ]
    app = [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "app"}}}]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert policy["ingress"] == [{"from": app, "ports": [{"protocol": "TCP", "port": port}]}]
    assert "egress" not in policy


def test_what_no_policy_names_is_closed_both_ways() -> None:
    assert _of("NetworkPolicy")["closed"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_a_reviewer_stays_with_one_pod_and_speaks_tls() -> None:
    ingress = _of("Ingress")["page"]
    notes = ingress["metadata"]["annotations"]
    assert notes["nginx.ingress.kubernetes.io/affinity"] == "cookie"
    hosts = [rule["host"] for rule in ingress["spec"]["rules"]]
    assert [tls["hosts"] for tls in ingress["spec"]["tls"]] == [hosts]
    assert _of("ConfigMap")["imr-settings"]["data"]["IMR_PUBLIC_URL"] == f"https://{hosts[0]}"


def test_no_manifest_holds_a_secret() -> None:
    values = [value for secret in _of("Secret").values() for value in secret.get("stringData", {}).values()]
    assert set(values) == {""}
    assert not any("data" in secret for secret in _of("Secret").values())
    assert not [key for key in _of("ConfigMap")["imr-settings"]["data"] if _SECRET_WORDS.search(key)]


@pytest.mark.parametrize("folder", ["kubernetes", "kubernetes-chroma"])
def test_every_file_is_part_of_its_kustomization(folder: str) -> None:
    named = yaml.safe_load((_DEPLOY / folder / "kustomization.yaml").read_text("utf-8"))["resources"]
    apart = {"kustomization.yaml", "secrets.example.yaml"}
    there = {file.name for file in (_DEPLOY / folder).glob("*.yaml")} - apart
    assert there == {name for name in named if not name.startswith("..")}
    if kubectl := shutil.which("kubectl"):  # where it is at hand, it also builds
        done = subprocess.run([kubectl, "kustomize", _DEPLOY / folder], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("\nkind: ") >= len(there)


# --- what runs in the container


def test_secrets_go_from_files_into_the_environment(tmp_path: Path) -> None:
    start = _module("start")
    (tmp_path / "PGPASSWORD").write_text(" of two words\n")
    (tmp_path / "IMR_KEY").write_text("new\nold\n")
    (tmp_path / "LD_PRELOAD").write_text("evil.so")
    found = start.environment({"PATH": "/bin"}, tmp_path)
    assert found == {"PATH": "/bin", "PGPASSWORD": "of two words", "IMR_KEY": "new,old"}
    assert start.environment({"A": "b"}, tmp_path / "none") == {"A": "b"}


def test_an_empty_or_broken_secret_starts_nothing(tmp_path: Path) -> None:
    start = _module("start")
    (tmp_path / "IMR_KEY").write_text("\n")
    with pytest.raises(SystemExit, match="IMR_KEY is empty; nothing was started"):
        start.environment({}, tmp_path)
    (tmp_path / "IMR_KEY").write_bytes(b"\xff\xfe")
    with pytest.raises(SystemExit, match="cannot be read"):
        start.environment({}, tmp_path)


def test_the_health_check_says_no_where_nothing_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_PORT", "1")
    assert _module("healthy").main("/healthz") == 1


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_follows_the_answer_and_names_the_page(
    status: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    asked: list[tuple[str, str | None]] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["Host"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        monkeypatch.setenv("IMR_PORT", str(server.server_port))
        monkeypatch.setenv("IMR_PUBLIC_URL", "https://imr.example.org")
        assert _module("healthy").main("/readyz") == code
        thread.join()
    assert asked == [("/readyz", "imr.example.org")]


def test_the_steps_script_is_sound_shell() -> None:
    done = subprocess.run(["bash", "-n", _ROOT / "scripts" / "container_steps.sh"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
