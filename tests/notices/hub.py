"""A small WebSub hub on loopback: it verifies what it is asked for, keeps leases, and signs what it sends."""

import hmac
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import requests

CHALLENGE = "a challenge & <b>more</b>"


class Hub:
    """``subscriptions``: what was verified, by topic. ``asked``: the forms that came, in order.

    ``status``: of the answer to whoever subscribes; ``redirect``: where it is sent in place of that (307).
    ``lease``: the seconds that it gives. ``answers``: what callbacks answered to its verifications.
    """

    def __init__(self) -> None:
        self.subscriptions: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        self.answers: list[tuple[int, str]] = []
        self.status = 202
        self.redirect = ""
        self.lease = "864000"
        self._verifying: list[threading.Thread] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.endpoint}/hub"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.settle()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def settle(self) -> None:
        """Wait until all that was asked for is verified, or not."""
        while self._verifying:
            self._verifying.pop().join()

    def verify(self, form: dict[str, str], **other: str) -> requests.Response:
        """Ask the callback whether it wants what *form* asks for; *other* parameters in place of these."""
        given = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": CHALLENGE,
            "hub.lease_seconds": self.lease,
        }
        return self.say(form, given | {f"hub.{name}": value for name, value in other.items()})

    def say(self, form: dict[str, str], given: dict[str, str]) -> requests.Response:
        """Ask the callback of *form* with these parameters."""
        parts = urlsplit(form["hub.callback"])
        query = urlencode([*parse_qsl(parts.query), *given.items()])
        return requests.get(urlunsplit(parts._replace(query=query)), timeout=30)

    def publish(self, topic: str, body: bytes = b"<feed/>", **headers: str) -> requests.Response:
        """Tell the subscriber of *topic*, signed with its secret unless *headers* say otherwise."""
        form = self.subscriptions[topic]
        mac = hmac.new(form["hub.secret"].encode(), body, "sha256").hexdigest()
        sent = {"Content-Type": "application/atom+xml", "X-Hub-Signature": f"sha256={mac}"} | headers
        return requests.post(form["hub.callback"], data=body, headers=sent, timeout=30)

    def _verify_later(self, form: dict[str, str], answered: threading.Event) -> None:
        answered.wait()
        answer = self.verify(form)
        self.answers.append((answer.status_code, answer.text))
        if answer.status_code == 200 and answer.text == CHALLENGE:
            if form["hub.mode"] == "subscribe":
                self.subscriptions[form["hub.topic"]] = form
            else:
                self.subscriptions.pop(form["hub.topic"], None)

    def _handler(hub) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                hub.asked.append(form)
                moved = hub.redirect if self.path == "/hub" else ""
                status = 307 if moved else hub.status
                answered = threading.Event()
                if status == 202:
                    thread = threading.Thread(target=hub._verify_later, args=(form, answered))
                    hub._verifying.append(thread)
                    thread.start()
                self.send_response(status)
                if moved:
                    self.send_header("Location", moved)
                self.send_header("Content-Length", "0")
                self.end_headers()
                self.wfile.flush()
                answered.set()

            def log_message(self, *args: object) -> None:
                pass

        return Handler
