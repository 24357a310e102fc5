"""What a fetch brings back."""

from dataclasses import dataclass
from enum import StrEnum


class Problem(StrEnum):
    """Why a fetch brought no usable answer; `NONE` is empty and therefore false."""

    NONE = ""
    BAD_ADDRESS = "bad-address"  # the text is no http(s) address
    REFUSED = "refused"  # an address we never go to: see `guard`
    NETWORK = "network"  # name look-up, connection, TLS or HTTP itself failed
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"
    BAD_ENCODING = "bad-encoding"  # a Content-Encoding we did not ask for, or one that does not decode
    TOO_MANY_HOPS = "too-many-hops"


class Cause(StrEnum):
    """What of the network failed, where `Problem.NETWORK` says that it did; `NONE` is empty and false."""

    NONE = ""
    NO_HOST = "no-host"  # the name could not be looked up
    CERTIFICATE = "certificate"  # the server could not prove who it is
    CONNECTION = "connection"
    CLOSED = "closed"  # without an answer
    CUT_OFF = "cut-off"
    NONSENSE = "nonsense"  # no HTTP


class Limit(StrEnum):
    """Which limit of ours ended a fetch or a reading; `NONE` is empty and therefore false.

    A code for programs, to name the setting that moves the limit; the words stand in `Answer.reason`.
    """

    NONE = ""
    CONNECT_TIME = "connect-time"  # name look-up, connection and TLS
    READ_TIME = "read-time"  # between two pieces of the answer, and for the first
    TOTAL_TIME = "total-time"
    WIRE_SIZE = "wire-size"  # bytes as received
    DECODED_SIZE = "decoded-size"  # bytes of the body, or of an unpacked sitemap
    DOCUMENT_SIZE = "document-size"  # bytes of a document that cannot be read piece by piece
    REDIRECTS = "redirects"


STATUSES_OF_PAGES = frozenset({200, 203})
"""Those that come with a whole page: 203 is a 200 that a proxy has changed (RFC 9110, 15.3.4)."""


@dataclass(frozen=True)
class Validators:
    """What a server gave us to ask "has it changed?" with; empty strings where it gave nothing."""

    etag: str = ""
    last_modified: str = ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True)
class Answer:
    """The outcome of one fetch, redirects included.

    url: the address asked for; final_url: the last address tried.
    hops: (status, address) of each answer that led on; a page that refreshes to another has its own status.
    status: of the final answer, None when none came; body: its decoded bytes, empty when there is a problem.
    validators: from the final answer; retry_after: seconds, between 1 second and 24 hours, or None.
    received: SHA-256 of the final answer's body as received, its content coding still on, in hex.
    request_headers, response_headers: those of the final request and answer, (name, value) each, without
    cookies and credentials.
    robots: the final answer's X-Robots-Tag headers, one each; links: its Link headers.
    sent_validators: whether the request carried conditions; a 304 means "unchanged" only then.
    seconds: how long it took; reason: what happened, in words for a person.
    limit: which limit of ours ended the fetch, if one did; cause: what of the network failed, if it did.
    """

    url: str
    final_url: str
    hops: tuple[tuple[int, str], ...] = ()
    status: int | None = None
    content_type: str = ""
    body: bytes = b""
    robots: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    validators: Validators = Validators()
    retry_after: float | None = None
    seconds: float = 0.0
    problem: Problem = Problem.NONE
    reason: str = ""
    sent_validators: bool = False
    limit: Limit = Limit.NONE
    cause: Cause = Cause.NONE
    received: str = ""
    request_headers: tuple[tuple[str, str], ...] = ()
    response_headers: tuple[tuple[str, str], ...] = ()

    @property
    def moved_to(self) -> str:
        """Where the address asked for has moved for good, as its first redirects say; empty if nowhere."""
        permanent = 0
        while permanent < len(self.hops) and self.hops[permanent][0] in (301, 308):
            permanent += 1
        if not permanent:
            return ""
        return self.hops[permanent][1] if permanent < len(self.hops) else self.final_url

    @property
    def has_page(self) -> bool:
        """Whether the status says that the body is the whole page."""
        return self.status in STATUSES_OF_PAGES
