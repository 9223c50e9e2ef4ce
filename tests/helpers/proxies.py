"""Run the proxies of deploy/ before bots on this machine, with as little changed as can be."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from footnote import paths
from footnote.serving.environment import free_port
from footnote.serving.servers import answers
from tests.helpers.debian import installed

PROXIES = paths.ROOT / "deploy" / "proxy"
PATIENCE = 60.0


def program(name: str, package: str) -> str:
    """Return a program's path, installed from Debian's package where it is missing."""
    search = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
    return installed(lambda: shutil.which(name, path=search), name, package)


def haproxy(folder: Path, listen: int, servers: Sequence[int]) -> list[str]:
    """Write HAProxy's configuration; return the command that runs it."""
    text = (PROXIES / "haproxy.cfg").read_text(encoding="utf-8")
    text = _put(text, "bind :8080", f"bind 127.0.0.1:{listen}")
    # Here the servers have ports of their own, and no name stands for them.
    template = r'server-template bot 10 "\$\{FOOTNOTE_SERVERS\}" resolvers names init-addr \S+ (.*)'
    found = re.findall(template, text)
    assert len(found) == 2
    for options in found:
        lines = [f"server bot{i} 127.0.0.1:{port} {options}" for i, port in enumerate(servers)]
        text = re.sub(template, "\n    ".join(lines), text, count=1)
    file = folder / "haproxy.cfg"
    file.write_text(text, encoding="utf-8")
    return [program("haproxy", "haproxy"), "-f", str(file), "-db"]


def nginx(folder: Path, listen: int, servers: Sequence[int]) -> list[str]:
    """Write nginx's configuration; return the command that runs it."""
    text = (PROXIES / "nginx.conf").read_text(encoding="utf-8")
    text = _put(text, "listen 8080;", f"listen 127.0.0.1:{listen};")
    for written, port in zip((5005, 5006), servers, strict=True):
        text = _put(text, f"server 127.0.0.1:{written} ", f"server 127.0.0.1:{port} ")
    (folder / "footnote.conf").write_text(text, encoding="utf-8")
    scratch = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nevents {{}}\n"
        f"http {{\n{scratch}include {folder}/footnote.conf;\n}}\n"
    )
    return [program("nginx", "nginx-light"), "-c", str(main), "-e", "stderr"]


COMMANDS: dict[str, Callable[[Path, int, Sequence[int]], list[str]]] = {
    "haproxy": haproxy,
    "nginx": nginx,
}


@contextmanager
def proxied(name: str, folder: Path, servers: Sequence[int]) -> Iterator[int]:
    """Run one of the proxies before servers on these ports; give the port it listens on."""
    listen = free_port()
    command = COMMANDS[name](folder, listen, servers)
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + PATIENCE
        while not answers(f"http://127.0.0.1:{listen}/about"):
            assert process.poll() is None, (folder / "proxy.log").read_text(errors="replace")
            assert time.monotonic() < deadline, f"{name} does not pass anything on"
            time.sleep(0.1)
        yield listen
    finally:
        process.terminate()
        process.wait()


def _put(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)
