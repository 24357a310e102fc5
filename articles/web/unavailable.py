"""Whether a failure is the database's or the disk's, which pass, and no fault of the program."""

import errno

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
)

RETRY_SECONDS = 60
"""When whoever asked may try again: a database that restarts is back by then as a rule."""

_OURS = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
"""What a database says of a statement that makes no sense: asking again would not help."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


def is_unavailable(problem: BaseException | None) -> bool:
    """Whether *problem* says that the database is away, busy or damaged, or that the disk takes nothing."""
    if isinstance(problem, OSError):
        return problem.errno in _NO_ROOM
    return isinstance(problem, DatabaseError | InterfaceError) and not isinstance(problem, _OURS)
