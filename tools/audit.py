"""Look our packages up among known vulnerabilities, and write a bill of materials.

Usage: python3 tools/audit.py [--sbom]

pip-audit and cyclonedx-bom clash with Rasa's pins, so they get an environment of their own
(.tools/audit, from tools/audit.lock). The audit needs the network and an index that gives
vulnerabilities; it fails when a package could not be looked up, since silence would look
like health. What is known and accepted stands in tools/audit-exceptions.json, each with a
reason and a date after which it counts again.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from setup_env import ROOT, TOOLS, SetupError, find_python, find_uv, run

LOCK = ROOT / "tools" / "audit.lock"
EXCEPTIONS = ROOT / "tools" / "audit-exceptions.json"
ENVIRONMENT = TOOLS / "audit"
SBOM = ROOT / "results" / "sbom.json"


def judge(
    report: dict[str, Any], exceptions: list[dict[str, str]], today: datetime.date
) -> list[str]:
    """Return what is wrong according to pip-audit's report.

    Args:
        report: pip-audit's JSON.
        exceptions: each with `package`, `id`, `reason` and `until` (an ISO date).
        today: the day that exceptions are held against.
    """
    accepted = {
        (one["package"], one["id"])
        for one in exceptions
        if datetime.date.fromisoformat(one["until"]) >= today
    }
    problems, skipped = [], []
    for package in report["dependencies"]:
        if "skip_reason" in package:
            skipped.append(package["name"])
        for found in package.get("vulns", []):
            names = {found["id"], *found.get("aliases", [])}
            if not any((package["name"], name) in accepted for name in names):
                fixed = ", ".join(found.get("fix_versions", [])) or "no release"
                problems.append(
                    f"{package['name']} {package['version']}: {found['id']} (mended in {fixed})"
                )
    if skipped:
        problems.append(
            f"{len(skipped)} packages could not be looked up, {', '.join(skipped[:5])} among them: "
            "the index gives no vulnerabilities. Run it where it does."
        )
    return problems


def ensure_tools() -> Path:
    """Make the tools' environment where it is missing; return its folder of programs."""
    stamp = ENVIRONMENT / "lock"
    if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
        uv = find_uv()
        python = ENVIRONMENT / "bin" / "python"
        for command in (
            [uv, "venv", "--quiet", "--clear", "--python", find_python(uv), ENVIRONMENT],
            [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, LOCK],
        ):
            done = run(command)
            if done.returncode != 0:
                raise SetupError(f"The audit's tools could not be installed:\n{done.stdout}")
        stamp.write_bytes(LOCK.read_bytes())
    return ENVIRONMENT / "bin"


def audit(programs: Path) -> list[str]:
    """Run pip-audit on the installed packages; return what is wrong."""
    (site,) = (ROOT / ".venv" / "lib").glob("python3*/site-packages")
    command = [programs / "pip-audit", "--path", site, "--progress-spinner", "off"]
    done = subprocess.run(
        [*map(str, command), "--format", "json"], capture_output=True, text=True, check=False
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return [f"pip-audit failed: {done.stderr.strip()[-500:]}"]
    exceptions = json.loads(EXCEPTIONS.read_text(encoding="utf-8"))
    return judge(report, exceptions, datetime.date.today())


def sbom(programs: Path) -> None:
    """Write the bill of materials (CycloneDX) of the installed packages."""
    SBOM.parent.mkdir(exist_ok=True)
    command = [
        *(programs / "cyclonedx-py", "environment", ROOT / ".venv" / "bin" / "python"),
        *("--output-format", "JSON", "--output-reproducible", "--output-file", SBOM),
    ]
    done = run(command)
    if done.returncode != 0:
        raise SetupError(f"The bill of materials could not be written:\n{done.stdout}")
    parts = len(json.loads(SBOM.read_text(encoding="utf-8"))["components"])
    print(f"{SBOM.relative_to(ROOT)}: {parts} components.")


def main() -> int:
    """Write the bill of materials, then audit unless told otherwise; return the exit code."""
    try:
        programs = ensure_tools()
        sbom(programs)
    except SetupError as error:
        print(f"audit: {error}", file=sys.stderr)
        return 1
    if "--sbom" in sys.argv[1:]:
        return 0
    problems = audit(programs)
    for problem in problems:
        print(f"audit: {problem}", file=sys.stderr)
    if not problems:
        print("No known vulnerability, and every package was looked up.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
