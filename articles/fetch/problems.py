"""What can go wrong in a fetch, and how it is told to a person."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from typing import NamedTuple

from urllib3.exceptions import HTTPError, IncompleteRead

from articles.fetch.address import BadAddress, Refused
from articles.fetch.answer import Cause, Limit, Problem

_SHOWN_LIMIT = 200  # characters of a message that may quote what a server sent


class TooLarge(Exception):
    """More bytes than we take; `limit` says of what. Not an OSError: urllib3 must not mistake it for a lost
    connection."""

    def __init__(self, words: str, limit: Limit) -> None:
        super().__init__(words)
        self.limit = limit


class BadEncoding(Exception):
    """A body in a coding we did not ask for, or one that does not decode."""


class TooManyHops(Exception):
    """More redirects than we follow."""


class OutOfTime(TimeoutError):
    """A limit of our own has passed; the message and `limit` say which."""

    def __init__(self, words: str, limit: Limit) -> None:
        super().__init__(words)
        self.limit = limit


class Interrupted(Exception):
    """The fetch was given up because we are wanted to stop: nothing is known of the address."""


class Explanation(NamedTuple):
    """What an exception means for a fetch, in words and in codes."""

    problem: Problem
    reason: str
    limit: Limit = Limit.NONE
    cause: Cause = Cause.NONE


def explain(error: Exception) -> Explanation:
    """What an exception means for the fetch. One not listed is a bug of ours: raised."""
    match error:
        case Refused():
            return Explanation(Problem.REFUSED, str(error))
        case BadAddress():
            return Explanation(Problem.BAD_ADDRESS, str(error))
        case TooLarge():
            return Explanation(Problem.TOO_LARGE, str(error), error.limit)
        case BadEncoding():
            return Explanation(Problem.BAD_ENCODING, str(error))
        case TooManyHops():
            return Explanation(Problem.TOO_MANY_HOPS, str(error), Limit.REDIRECTS)
        case HTTPError() | http.client.HTTPException() | OSError() | ValueError():
            # ValueError is how http.client meets some nonsense, such as a chunk of a negative size.
            return _explain_network(error)
        case _:
            raise error


def _explain_network(error: Exception) -> Explanation:
    """requests and urllib3 wrap what went wrong below them: the first cause with words of its own is told."""
    causes = list(_causes(error))
    for cause in causes:
        match cause:
            case OutOfTime():
                return Explanation(Problem.TIMEOUT, str(cause), cause.limit)
            case TimeoutError():
                # All waits for an answer are metered: this one was for a connection, or for TLS.
                return Explanation(Problem.TIMEOUT, "the server took too long", Limit.CONNECT_TIME)
            case ssl.SSLCertVerificationError():
                return _network(
                    f"the server's certificate is not valid: {cause.verify_message}", Cause.CERTIFICATE
                )
            case socket.gaierror():
                return _network(f"the host name could not be looked up: {cause.strerror}", Cause.NO_HOST)
            case IncompleteRead() | http.client.IncompleteRead():
                return _network("the answer was cut off", Cause.CUT_OFF)
            case http.client.RemoteDisconnected():
                return _network("the server closed the connection without an answer", Cause.CLOSED)
            case ssl.SSLError(reason=str(reason)):
                # What it says itself has the line of a C file in it.
                words = reason.replace("_", " ").lower()
                return _network(f"no secure connection could be made: {words}", Cause.CONNECTION)
            case OSError(strerror=str(words)):
                return _network(f"the connection failed: {words}", Cause.CONNECTION)
    return _network(
        f"the answer makes no sense: {' '.join(str(causes[-1]).split())[:_SHOWN_LIMIT]}", Cause.NONSENSE
    )


def _network(words: str, cause: Cause) -> Explanation:
    return Explanation(Problem.NETWORK, words, cause=cause)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
