"""What is in deploy/ fits its schemas, and keeps what docs/operations.md promises."""

from __future__ import annotations

import os
import re
import shutil
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

DEPLOY = paths.ROOT / "deploy"
KUBERNETES = "1.28"
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
    }

    def filled(value: str) -> str:
        return re.sub(
            r"\$\{(\w+)(?::[-?]([^}]*))?\}",
            lambda m: given.get(m[1], "" if ":?" in m[0] else m[2] or ""),
            value,
        )

    check({k: filled(v) for k, v in compose()["services"]["bot"]["environment"].items()})


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


def program(name: str, package: str) -> str:
    """Return a program's path, installed from Debian's package where it is missing."""
    search = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
    if not shutil.which(name, path=search) and os.geteuid() == 0 and shutil.which("apt-get"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-qq", "--yes", package]):
            subprocess.run(["apt-get", *command], check=False, capture_output=True, env=env)
    found = shutil.which(name, path=search)
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is missing, and Debian's package {package} could not be installed")
        pytest.skip(f"{name} is not here: install Debian's package {package}")
    return found


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
