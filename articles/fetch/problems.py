"""What can go wrong in a fetch, and how it is told to a person."""

import http.client
import socket
import ssl
from collections.abc import Iterator

from urllib3.exceptions import HTTPError, IncompleteRead

from articles.fetch.address import BadAddress, Refused
from articles.fetch.answer import Problem

_SHOWN_LIMIT = 200  # characters of a message that may quote what a server sent


class TooLarge(Exception):
    """More bytes than we take. Not an OSError: urllib3 must not mistake it for a lost connection."""


class BadEncoding(Exception):
    """A body in a coding we did not ask for, or one that does not decode."""


class TooManyHops(Exception):
    """More redirects than we follow."""


class OutOfTime(TimeoutError):
    """A limit of our own has passed; the message says which."""


class Interrupted(Exception):
    """The fetch was given up because we are wanted to stop: nothing is known of the address."""


def explain(error: Exception) -> tuple[Problem, str]:
    """What an exception means for the fetch, and words for it. One not listed is a bug of ours: raised."""
    match error:
        case Refused():
            return Problem.REFUSED, str(error)
        case BadAddress():
            return Problem.BAD_ADDRESS, str(error)
        case TooLarge():
            return Problem.TOO_LARGE, str(error)
        case BadEncoding():
            return Problem.BAD_ENCODING, str(error)
        case TooManyHops():
            return Problem.TOO_MANY_HOPS, str(error)
        case HTTPError() | http.client.HTTPException() | OSError() | ValueError():
            # ValueError is how http.client meets some nonsense, such as a chunk of a negative size.
            return _explain_network(error)
        case _:
            raise error


def _explain_network(error: Exception) -> tuple[Problem, str]:
    """requests and urllib3 wrap what went wrong below them: the first cause with words of its own is told."""
    causes = list(_causes(error))
    for cause in causes:
        match cause:
            case OutOfTime():
                return Problem.TIMEOUT, str(cause)
            case TimeoutError():
                return Problem.TIMEOUT, "the server took too long"
            case ssl.SSLCertVerificationError():
                return Problem.NETWORK, f"the server's certificate is not valid: {cause.verify_message}"
            case socket.gaierror():
                return Problem.NETWORK, f"the host name could not be looked up: {cause.strerror}"
            case IncompleteRead() | http.client.IncompleteRead():
                return Problem.NETWORK, "the answer was cut off"
            case http.client.RemoteDisconnected():
                return Problem.NETWORK, "the server closed the connection without an answer"
            case OSError(strerror=str(words)):
                return Problem.NETWORK, f"the connection failed: {words}"
    return Problem.NETWORK, f"the answer makes no sense: {' '.join(str(causes[-1]).split())[:_SHOWN_LIMIT]}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
