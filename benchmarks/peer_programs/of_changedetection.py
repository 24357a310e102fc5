"""Drives changedetection.io, in whose environment this runs, by its own API; see benchmarks/peers.py.

It is a server. What it does while nothing is to be checked is measured too, and left out.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

task = json.load(sys.stdin)
folder = Path(task["folder"])
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
server = subprocess.Popen(
    [Path(sys.executable).with_name("changedetection.io"), "-C", "-d", str(folder), "-p", str(port)],
    env={
        **os.environ,
        "FETCH_WORKERS": "1",
        "DISABLE_VERSION_CHECK": "true",
        "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
        "MINIMUM_SECONDS_RECHECK_TIME": "0",
        "LOGGER_LEVEL": "ERROR",
    },
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)


def key() -> str:
    """The key of its API, as it keeps it."""
    for path in folder.glob("*.json"):
        settings = json.loads(path.read_text()).get("settings", {}).get("application", {})
        if settings.get("api_access_token"):
            return settings["api_access_token"]
    return ""


def api(path: str, body: object = None, method: str = "GET") -> object:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/{path}",
        json.dumps(body).encode() if body else None,
        {"x-api-key": key(), "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read().decode()
    try:
        return json.loads(text)
    except ValueError:
        return text


def wait(until) -> None:
    ends = time.monotonic() + 300
    while not until():
        if server.poll() is not None:
            sys.exit(f"the server ended with {server.returncode}")
        if time.monotonic() > ends:
            sys.exit("waited in vain for changedetection.io")
        time.sleep(0.5)


def answers() -> bool:
    try:
        api("systeminfo")
    except OSError:
        return False
    return True


def processor() -> float:
    """Seconds that the server and its children have used."""
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def check_all() -> None:
    """Have every page checked once more, and wait until each was."""
    before = {pk: watch["last_checked"] for pk, watch in api("watch").items()}
    api("watch?recheck_all=1")
    wait(lambda: all(watch["last_checked"] > before[pk] for pk, watch in api("watch").items()))


def snapshots() -> int:
    return sum(len(api(f"watch/{pk}/history")) for pk in api("watch"))


try:
    wait(answers)
    for address in task["addresses"]:
        api("watch", {"url": address, "time_between_check": {"weeks": 52}}, "POST")
    wait(lambda: all(watch["last_checked"] for watch in api("watch").values()))
    first, seconds = snapshots(), 0.0
    for _ in range(task["rounds"]):
        time.sleep(1.1)  # its times are whole seconds
        began, clock = processor(), time.monotonic()
        check_all()
        spent, clock = processor() - began, time.monotonic() - clock
        idle, waited = processor(), time.monotonic()
        while time.monotonic() - waited < clock:
            api("watch")
            time.sleep(0.5)
        seconds += spent - (processor() - idle)
    print(json.dumps({"seconds": seconds, "changes": snapshots() - first}))
finally:
    server.terminate()
    server.wait(20)
