"""A mail server on loopback that keeps what it is given."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer:
    """``server.messages`` holds what came; ``server.refuses`` makes it say no to every message."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refuses = False
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> "MailServer":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def _handler(mail) -> type[socketserver.StreamRequestHandler]:
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self._say("220 loopback")
                recipients: list[str] = []
                for line in self.rfile:
                    command = line.strip().upper()
                    if command.startswith(b"RCPT TO:"):
                        recipients.append(line.decode().partition(":")[2].strip(" <>\r\n"))
                    if command == b"QUIT":
                        self._say("221 bye")
                        return
                    if command != b"DATA":
                        self._say("250 ok")
                        continue
                    self._say("354 go on")
                    body = b"".join(iter(self.rfile.readline, b".\r\n"))
                    if mail.refuses:
                        self._say("451 not now")
                        continue
                    mail.messages.append(message_from_bytes(body, policy=policy.default))
                    mail.recipients.append(recipients)
                    self._say("250 taken")

            def _say(self, line: str) -> None:
                self.wfile.write(f"{line}\r\n".encode())

        return Handler
