"""A server on loopback that speaks S3 and refuses keys it does not know: moto's, in a thread of the tests."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from typing import Any

import boto3
import requests
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

BUCKET = "news-data"
REGION = "eu-west-1"
NOT_NOW = b"<Error><Code>SlowDown</Code><Message>not now</Message></Error>"


@dataclass
class Server:
    """The server: its address, a key (with its secret) that it accepts, and what it was asked for."""

    url: str
    keys: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    most_puts: float = inf
    """Files that it takes, of those counted in `asked`, before it answers with errors."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def client(self, service: str = "s3") -> Any:
        key, _, secret = self.keys.partition(":")
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=key or "first",
            aws_secret_access_key=secret or "first",
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
        )

    def names(self) -> list[str]:
        """Of all files in the bucket."""
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def body(self, name: str) -> bytes:
        data: bytes = self.client().get_object(Bucket=BUCKET, Key=name)["Body"].read()
        return data

    def puts(self) -> list[str]:
        """What was written since `asked` was emptied."""
        return [path for method, path in self.asked if method == "PUT"]


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def running() -> Iterator[Server]:
    """A server with an empty bucket, that refuses whom it does not know."""
    application = DomainDispatcherApplication(create_backend_app)
    told = Server("")

    def watched(environ: dict[str, Any], start_response: Any) -> Any:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        with told.lock:
            told.asked.append((method, path))
            broken = method == "PUT" and len(told.puts()) > told.most_puts
        if broken:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start_response("503 Slow Down", [("Content-Length", str(len(NOT_NOW)))])
            return [NOT_NOW]
        return application(environ, start_response)

    server: BaseWSGIServer = make_server("127.0.0.1", 0, watched, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    try:
        requests.post(f"{told.url}/moto-api/reset", timeout=10).raise_for_status()
        told.client().create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        told.keys = _key_of_a_user(told.client("iam"))
        requests.post(f"{told.url}/moto-api/reset-auth", data=b"0", timeout=10).raise_for_status()
        yield told
    finally:
        requests.post(f"{told.url}/moto-api/reset-auth", data=b"inf", timeout=10)
        server.shutdown()
        thread.join()
        server.server_close()


def _key_of_a_user(iam: Any) -> str:
    """The key of a user who may do all with the bucket, and its secret."""
    allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.create_user(UserName="newsdiffs")
    iam.put_user_policy(UserName="newsdiffs", PolicyName="all", PolicyDocument=policy)
    made = iam.create_access_key(UserName="newsdiffs")["AccessKey"]
    return f"{made['AccessKeyId']}:{made['SecretAccessKey']}"
