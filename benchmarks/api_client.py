"""A client that another program generates from our description reads every page of changes.

    python3 -m venv /tmp/client && /tmp/client/bin/pip install openapi-python-client
    python -m benchmarks.api_client /tmp/client [--articles 300] [--versions 2000]

FOLDER is a virtual environment with openapi-python-client: its generator makes a client of `openapi.json`,
and its Python runs that client against a site with so many made-up versions. It ends with 1 unless the client
read each change exactly once; else it tells how many pages that took, and milliseconds of each.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from benchmarks.scratch import installation

READER = """
import json, statistics, sys, time
from urllib.parse import parse_qs, urlsplit
from news_diffs_client import Client
from news_diffs_client.api.changes import articles_api_endpoints_changes as changes

client, seen, cursor, taken = Client(base_url=sys.argv[1]), [], "", []
while True:
    began = time.perf_counter()
    page = changes.sync(client=client, cursor=cursor, minor=True, limit=100)
    taken.append(1000 * (time.perf_counter() - began))
    seen += [entry.version.id for entry in page.items]
    if not page.next_:
        break
    cursor = parse_qs(urlsplit(page.next_).query)["cursor"][0]
print(json.dumps({"seen": seen, "pages": len(taken), "median": statistics.median(taken), "most": max(taken)}))
"""


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--versions", type=int, default=2_000, help="of all articles together")
    options = parser.parse_args()
    server = make_server("127.0.0.1", 0, _not_yet, Server, Quiet)
    site = f"http://127.0.0.1:{server.server_port}"
    with installation(None, API_LIMIT="0", SITE_URL=site), tempfile.TemporaryDirectory() as folder:
        from articles.models import Version
        from benchmarks.pages import fill
        from newsdiffs.wsgi import application

        fill(options.articles, options.versions)
        server.set_app(application)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told = read_all(options.folder, site, Path(folder))
        server.shutdown()
        expected = sorted(Version.objects.changes().values_list("pk", flat=True))
    if sorted(told["seen"]) != expected:
        sys.exit(f"The client read {len(told['seen'])} changes of {len(expected)}.")
    print(
        f"{len(expected):,} changes on {told['pages']} pages, each read once; "
        f"{told['median']:.0f} ms a page at the median, {told['most']:.0f} at most"
    )


def _not_yet(environ: object, start_response: object) -> list[bytes]:
    raise NotImplementedError


def read_all(environment: Path, site: str, folder: Path) -> dict[str, Any]:
    """What the generated client says, as `READER` prints it."""
    generate = [
        *(str(environment / "bin/openapi-python-client"), "generate"),
        *("--url", f"{site}/api/v1/openapi.json", "--output-path", str(folder / "client"), "--meta", "none"),
    ]
    subprocess.run(generate, check=True, stdout=sys.stderr)
    (folder / "client").rename(folder / "news_diffs_client")
    (folder / "reader.py").write_text(READER)
    command = [str(environment / "bin/python"), str(folder / "reader.py"), site]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    main()
