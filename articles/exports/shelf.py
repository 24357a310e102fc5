"""Where the files of the published edition are kept: in DATA_DIR, or in a bucket that speaks S3.

Each file lies under a name that its content has a part in, so that what is the same need not be written
again, and a reader never gets another file than the one that the manifest told of. The manifest is replaced
at once, last: until then the edition of before is whole.

A bucket needs ``django-storages`` and ``boto3`` (requirements-s3.txt) and the settings DATASETS_BUCKET and so
on. It is ours alone to read: our pages withhold what is taken down, which a bucket open to all could not do.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.files import File
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

_CONNECT_SECONDS, _ANSWER_SECONDS, _ATTEMPTS = 3, 10, 2
"""Of one question to a bucket: a task is ended after 60 seconds, and a reader waits."""

_OURS = re.compile(r"manifest\.json|[0-9a-f]{32}/[a-z]+(/\d{4}-\d{2})?\.[a-z.]+|\d{8}T\d{6}\.\d+/.+")
"""The names we write, and those under which editions lay before 0.2.0. Nothing else is touched."""


class Trouble(TextChoices):
    """Why an edition can't be written or read."""

    REFUSED = "refused", gettext_lazy("the bucket refuses the key")
    NO_BUCKET = "no-bucket", gettext_lazy("there is no such bucket")
    AWAY = "away", gettext_lazy("the bucket does not answer")
    FAILED = "failed", gettext_lazy("the bucket answers with an error")
    LIBRARY = "library", gettext_lazy("what requirements-s3.txt names is not installed")
    DISK = "disk", gettext_lazy("the data folder can’t be written to")


class ShelfError(Exception):
    """The shelf can't be written to or read. `trouble` says why, the message what was answered."""

    def __init__(self, trouble: Trouble, said: str) -> None:
        super().__init__(said)
        self.trouble = trouble


class Readable(Protocol):
    """What is open for reading."""

    def read(self, size: int = -1, /) -> bytes: ...
    def close(self) -> None: ...


class Shelf(Protocol):
    """Files by their names. Each function raises ShelfError where the shelf can't be reached."""

    def put(self, name: str, file: Path) -> None:
        """Move *file* there, in place of what has its name; whoever reads gets the one or the other."""

    def open(self, name: str) -> Readable:
        """A file, to be read bit by bit and closed.

        :raises FileNotFoundError: there is none of that name.
        """

    def names(self) -> set[str]:
        """Of all files of ours."""

    def delete(self, name: str) -> None:
        """Delete a file; nothing happens where there is none."""


def shelf() -> Shelf:
    """The one that the settings name."""
    return _Bucket() if settings.DATASETS_BUCKET else Folder(folder())


def folder() -> Path:
    """The folder of what is published, and of what is being written."""
    return Path(settings.DATA_DIR) / "datasets"


class Folder:
    """A shelf in DATA_DIR."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def put(self, name: str, file: Path) -> None:
        with told_of_the_disk():
            (self._place / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(file, self._place / name)

    def open(self, name: str) -> Readable:
        try:
            return (self._place / name).open("rb")
        except FileNotFoundError:
            raise
        except OSError as problem:
            raise ShelfError(Trouble.DISK, str(problem)) from problem

    def names(self) -> set[str]:
        found = (path.relative_to(self._place) for path in self._place.rglob("*") if path.is_file())
        return {name for path in found if _OURS.fullmatch(name := path.as_posix())}

    def delete(self, name: str) -> None:
        with told_of_the_disk():
            (self._place / name).unlink(missing_ok=True)
            for parent in (self._place / name).parents:
                if parent == self._place:
                    break
                with suppress(OSError):  # there is something else in it
                    parent.rmdir()


class _Bucket:
    """A shelf in a bucket, or in a folder of one."""

    def __init__(self) -> None:
        self._name, _, folder = settings.DATASETS_BUCKET.partition("/")
        self._prefix = f"{folder.strip('/')}/" if folder.strip("/") else ""
        with _told_of_the_bucket():
            self._storage = _storage(
                self._name,
                settings.DATASETS_ENDPOINT,
                settings.DATASETS_REGION,
                settings.DATASETS_KEYS,
            )

    def _bucket(self) -> Any:
        """The bucket, by a connection of this thread."""
        return self._storage.connection.Bucket(self._name)

    def put(self, name: str, file: Path) -> None:
        with _told_of_the_bucket(), file.open("rb") as stream:
            self._storage.save(self._prefix + name, File(stream))
        file.unlink()

    def open(self, name: str) -> Readable:
        with _told_of_the_bucket():
            stream: Readable = self._bucket().Object(self._prefix + name).get()["Body"]
        return stream

    def names(self) -> set[str]:
        with _told_of_the_bucket():
            found = [item.key for item in self._bucket().objects.filter(Prefix=self._prefix)]
        return {name for key in found if _OURS.fullmatch(name := key.removeprefix(self._prefix))}

    def delete(self, name: str) -> None:
        with _told_of_the_bucket():
            self._storage.delete(self._prefix + name)


@lru_cache(maxsize=1)
def _storage(bucket: str, endpoint: str, region: str, keys: str) -> Any:
    """What django-storages has for *bucket*. Making it takes a tenth of a second; all threads may use it."""
    from botocore.config import Config
    from storages.backends.s3 import S3Storage

    key, _, secret = keys.partition(":")
    return S3Storage(
        bucket_name=bucket,
        access_key=key or None,
        secret_key=secret or None,
        endpoint_url=endpoint or None,
        region_name=region or None,
        file_overwrite=True,
        client_config=Config(
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_ANSWER_SECONDS,
            retries={"max_attempts": _ATTEMPTS, "mode": "standard"},
            signature_version="s3v4",
            # Names of buckets as hosts need names in the DNS, which few servers but Amazon's have.
            s3={"addressing_style": "path" if endpoint else "auto"},
            # Many servers don't know these; the manifest has the SHA-256 of each file.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@contextmanager
def told_of_the_disk() -> Iterator[None]:
    """Has what a full or broken disk raises be a ShelfError."""
    try:
        yield
    except OSError as problem:
        raise ShelfError(Trouble.DISK, str(problem)) from problem


@contextmanager
def _told_of_the_bucket() -> Iterator[None]:
    """Has what a bucket's library raises be a ShelfError, and FileNotFoundError what is not there."""
    try:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
    except ImportError as problem:
        raise ShelfError(Trouble.LIBRARY, "install what requirements-s3.txt names") from problem
    try:
        yield
    except ImportError as problem:
        raise ShelfError(Trouble.LIBRARY, "install what requirements-s3.txt names") from problem
    except ClientError as problem:
        code = str(problem.response.get("Error", {}).get("Code", ""))
        status = problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code == "NoSuchKey":
            raise FileNotFoundError(code) from problem
        raise ShelfError(_trouble_of(code, status), str(problem)) from problem
    except NoCredentialsError as problem:
        raise ShelfError(Trouble.REFUSED, str(problem)) from problem
    except (BotoCoreError, Boto3Error) as problem:
        raise ShelfError(Trouble.AWAY, str(problem)) from problem


def _trouble_of(code: str, status: int) -> Trouble:
    if code == "NoSuchBucket":
        return Trouble.NO_BUCKET
    return Trouble.REFUSED if status in (401, 403) else Trouble.FAILED
