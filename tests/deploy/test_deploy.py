"""What is in deploy/ fits its schemas, and keeps what docs/operations.md promises."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from footnote import paths
from footnote.channels.work import DRAIN_SECONDS
from footnote.operations.configuration import check
from footnote.serving.servers import STOP_TIMEOUT
from footnote.settings import SettingsError
from tests.helpers.proxies import program

DEPLOY = paths.ROOT / "deploy"
KUBERNETES = "1.28"
PAGES = ("/", "/article", "/about", "/favicon.ico")
FOLDERS = ("/web/", "/webhooks/")
MANIFESTS = sorted(p for p in (DEPLOY / "kubernetes").glob("*.yaml") if "kustom" not in p.name)


def documents() -> list[dict[str, Any]]:
    return [
        document
        for path in MANIFESTS
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
    ]


def only(kind: str) -> dict[str, Any]:
    (found,) = [document for document in documents() if document["kind"] == kind]
    return found


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", documents(), ids=lambda d: f"{d['kind']}")
def test_each_manifest_fits_the_schema_of_kubernetes(document: dict[str, Any]) -> None:
    kubernetes_validate.validate(document, KUBERNETES, strict=True)


def test_the_kustomization_names_every_manifest() -> None:
    data = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())
    assert sorted(data["resources"]) == [path.name for path in MANIFESTS]


def test_what_belongs_together_has_one_name() -> None:
    deployment = only("Deployment")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    for kind in ("Service", "PodDisruptionBudget", "NetworkPolicy"):
        spec = only(kind)["spec"]
        selector = spec.get("selector") or spec["podSelector"]
        assert selector.get("matchLabels", selector) == labels
    target = only("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    assert target["name"] == deployment["metadata"]["name"]


def test_the_pod_has_no_more_rights_than_it_needs() -> None:
    pod = only("Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert not pod["automountServiceAccountToken"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert not container["securityContext"]["allowPrivilegeEscalation"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert "memory" in container["resources"]["limits"]


def test_a_store_that_is_away_takes_no_server_out_of_service() -> None:
    (container,) = only("Deployment")["spec"]["template"]["spec"]["containers"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/health/serving"
    assert container["startupProbe"]["httpGet"]["path"] == "/health/ready"
    assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"
    assert "/health/serving" in (DEPLOY / "proxy" / "haproxy.cfg").read_text()


def test_a_stop_leaves_time_for_what_is_in_hand() -> None:
    pod = only("Deployment")["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] > STOP_TIMEOUT + 5
    assert STOP_TIMEOUT > DRAIN_SECONDS + 5
    assert int(compose()["services"]["bot"]["stop_grace_period"].rstrip("s")) > STOP_TIMEOUT


def test_compose_wires_what_it_names() -> None:
    data = compose()
    for name, service in data["services"].items():
        assert set(service["networks"]) <= set(data["networks"]), name
        assert "mem_limit" in service, name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in data["volumes"] or (DEPLOY / source).exists(), volume
        assert set(service.get("depends_on", [])) <= set(data["services"])
    # Only the proxy is reachable from outside.
    assert [name for name, service in data["services"].items() if "ports" in service] == ["proxy"]
    build = data["services"]["bot"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Dockerfile"


def test_the_settings_of_compose_are_in_order() -> None:
    given = {
        "POSTGRES_PASSWORD": "p",
        "REDIS_PASSWORD": "r",
        "FOOTNOTE_ID_SECRET": "x" * 32,
        "FOOTNOTE_WEB_SECRET": "w" * 32,
    }

    def filled(value: str) -> str:
        return re.sub(
            r"\$\{(\w+)(?::[-?]([^}]*))?\}",
            lambda m: given.get(m[1], "" if ":?" in m[0] else m[2] or ""),
            value,
        )

    environment = compose()["services"]["bot"]["environment"]
    check({k: filled(v) for k, v in environment.items()})
    # Each variable that must be given is made by the command in docs/operations.md.
    needed = set(re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose.yaml").read_text()))
    assert needed == set(given)
    text = (paths.ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    made = re.search(r"for name in ([A-Z_ ]+); do", text)
    assert made and set(made[1].split()) == needed


@pytest.mark.parametrize("name", ["FOOTNOTE_WEB_SECRET", "FOOTNOTE_ID_SECRET"])
def test_a_secret_that_servers_share_is_named_where_one_is_made(name: str) -> None:
    assert name in compose()["services"]["bot"]["environment"]
    assert name in (DEPLOY / "kubernetes" / "deployment.yaml").read_text()
    text = (paths.ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"--from-literal={name}=" in text
    with pytest.raises(SettingsError, match=name):
        check({"FOOTNOTE_DATABASE_URL": "postgresql://u:p@h/d", name: ""})


@pytest.mark.parametrize(
    "name", ["FOOTNOTE_WEB_ORIGINS", "FOOTNOTE_PUBLIC_URL", "SANIC_PROXIES_COUNT"]
)
def test_what_a_site_decides_for_its_chat_is_named_where_it_is_set(name: str) -> None:
    assert name in compose()["services"]["bot"]["environment"]
    assert name in only("ConfigMap")["data"]


def test_the_ingress_opens_the_same_as_the_proxies() -> None:
    (rule,) = only("Ingress")["spec"]["rules"]
    opened = {(path["path"], path["pathType"]) for path in rule["http"]["paths"]}
    assert {path for path, kind in opened if kind == "Exact"} == set(PAGES)
    assert {path for path, kind in opened if kind == "Prefix"} == set(FOLDERS)
    haproxy = (DEPLOY / "proxy" / "haproxy.cfg").read_text()
    assert f"acl page path {' '.join(PAGES)}\n" in haproxy
    assert f"acl files_and_channels path_beg {' '.join(FOLDERS)}\n" in haproxy


def test_no_secret_and_no_registry_is_in_what_is_deployed() -> None:
    secret = re.compile(r"(?:password|secret|token)\s*[:=]\s*[\"'][^\"'$]{6,}", re.IGNORECASE)
    for path in filter(Path.is_file, DEPLOY.rglob("*")):
        assert not secret.search(path.read_text(encoding="utf-8")), path
    assert "kind: Secret" not in "".join(path.read_text() for path in MANIFESTS)


def test_the_image_runs_as_nobody_in_particular_and_holds_no_tests() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    assert re.search(r"^USER 10001", text, re.MULTILINE)
    assert "--require-hashes" in text
    for path in re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE):
        assert (paths.ROOT / path).exists()
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    assert {".footnote", ".venv", ".git"} <= set(ignored)


def test_haproxy_takes_its_configuration() -> None:
    done = subprocess.run(
        [program("haproxy", "haproxy"), "-c", "-f", DEPLOY / "proxy" / "haproxy.cfg"],
        env={**os.environ, "FOOTNOTE_SERVERS": "localhost:5005"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    main = tmp_path / "nginx.conf"
    include = DEPLOY / "proxy" / "nginx.conf"
    main.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{ include {include}; }}\n")
    done = subprocess.run(
        [program("nginx", "nginx-light"), "-t", "-c", main],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
