"""With labkit imported, nothing leaves this machine, whatever credentials lie around."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from labkit.sandbox.guard import NetworkRefused, is_this_machine

Child = Callable[..., str]

# Each way out is tried in a process that has real-looking credentials. `attempt` must not
# return; only NetworkRefused may end it, and `except Exception` must not see it.
TRY = """
    def refused(attempt):
        from labkit.sandbox.guard import NetworkRefused
        try:
            try:
                attempt()
            except Exception as swallowed:
                print("swallowed", repr(swallowed))
            else:
                print("went through")
        except NetworkRefused as refusal:
            print("refused", refusal.host)
"""


def refusal(child: Child, before: str, attempt: str, **environment: str) -> str:
    """What came of `attempt` in a child that ran `before`, then imported labkit."""
    return child(
        f"{before}\nimport labkit\n" + TRY.replace("\n    ", "\n") + f"\nrefused({attempt})",
        **environment,
    )


BOTO3_WAYS_OUT = {
    "a client made after": ("import boto3", "lambda: boto3.client('sqs').list_queues()"),
    "a client made before labkit": (
        "import boto3; old = boto3.client('sqs', region_name='eu-west-1')",
        "old.list_queues",
    ),
    "a session made before labkit": (
        "import boto3; old = boto3.Session(region_name='eu-west-1')",
        "lambda: old.client('s3').list_buckets()",
    ),
    "a session with its own keys": (
        "import boto3",
        "lambda: boto3.Session(aws_access_key_id='AKIAQ7N3XH2VZ5LTDWKM',"
        " aws_secret_access_key='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').client('sts')"
        ".get_caller_identity()",
    ),
    "an endpoint of one's own": (
        "import boto3",
        "lambda: boto3.client('sqs', endpoint_url='https://queues.example.com').list_queues()",
    ),
    "a dual-stack endpoint": (
        "import boto3",
        "lambda: boto3.client('sqs', endpoint_url='https://sqs.us-east-1.api.aws').list_queues()",
    ),
    "a function's endpoint": (
        "import boto3",
        "lambda: boto3.client('s3', endpoint_url='https://x.lambda-url.us-east-1.on.aws')"
        ".list_buckets()",
    ),
}

OTHER_WAYS_OUT = {
    "urllib": ("import urllib.request as u", "lambda: u.urlopen('https://sqs.us-east-1.api.aws')"),
    "urllib without the proxy": (
        "import urllib.request as u; bare = u.build_opener(u.ProxyHandler({}))",
        "lambda: bare.open('http://example.com')",
    ),
    "http.client": (
        "import http.client as h",
        "lambda: h.HTTPSConnection('example.com').request('GET', '/')",
    ),
    "requests": ("import requests", "lambda: requests.get('https://example.com')"),
    "a requests session made before": (
        "import requests; old = requests.Session()",
        "lambda: old.post('https://s3.amazonaws.com/posters', data=b'x')",
    ),
    "urllib3": (
        "import urllib3; pool = urllib3.PoolManager()",
        "lambda: pool.request('GET', 'http://example.com')",
    ),
    "a raw socket": ("import socket", "lambda: socket.create_connection(('203.0.113.7', 443))"),
    "a raw IPv6 socket": (
        "import socket",
        "lambda: socket.socket(socket.AF_INET6).connect(('2001:db8::7', 443))",
    ),
    "connect_ex": ("import socket", "lambda: socket.socket().connect_ex(('203.0.113.7', 443))"),
    "a name look-up": ("import socket", "lambda: socket.getaddrinfo('example.com', 443)"),
    "an old name look-up": ("import socket", "lambda: socket.gethostbyname('example.com')"),
    "a datagram": (
        "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "lambda: s.sendto(b'x', ('203.0.113.7', 53))",
    ),
    "a scattered datagram": (
        "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "lambda: s.sendmsg([b'x'], [], 0, ('203.0.113.7', 53))",
    ),
    "asyncio": (
        "import asyncio",
        "lambda: asyncio.run(asyncio.open_connection('203.0.113.7', 443))",
    ),
}


@pytest.mark.parametrize(("before", "attempt"), BOTO3_WAYS_OUT.values(), ids=BOTO3_WAYS_OUT)
def test_boto3_is_refused(child: Child, before: str, attempt: str) -> None:
    assert refusal(child, before, attempt).startswith("refused ")


@pytest.mark.parametrize(("before", "attempt"), OTHER_WAYS_OUT.values(), ids=OTHER_WAYS_OUT)
def test_every_other_library_is_refused(child: Child, before: str, attempt: str) -> None:
    assert refusal(child, before, attempt).startswith("refused ")


def test_a_connection_that_was_open_before_is_refused_when_it_is_used_again(child: Child) -> None:
    outcome = child(
        """
        import http.client, socket
        here, there = socket.socketpair()
        open_before = http.client.HTTPConnection("example.com")
        open_before.sock = here
        import labkit
        from labkit.sandbox.guard import NetworkRefused
        try:
            open_before.request("GET", "/")
        except NetworkRefused as refusal:
            print(refusal.host)
        """
    )

    assert outcome == "example.com"


def test_the_way_to_the_instance_metadata_is_closed(child: Child) -> None:
    outcome = refusal(
        child,
        "from botocore.utils import InstanceMetadataFetcher",
        "lambda: InstanceMetadataFetcher(num_attempts=1).retrieve_iam_role_credentials()",
    )
    by_hand = refusal(
        child,
        "import urllib.request as u",
        "lambda: u.urlopen('http://169.254.169.254/latest/meta-data/')",
    )

    assert outcome == "went through"  # switched off: it answers with nothing, and asks nobody
    assert by_hand == "refused 169.254.169.254"


def test_real_credentials_are_masked(child: Child) -> None:
    seen = child(
        """
        import labkit, boto3, os
        session = boto3.Session()
        keys = session.get_credentials()
        print(keys.access_key, keys.token, session.region_name, session.profile_name)
        print(sorted(name for name in os.environ if name.startswith("AWS_")))
        """
    )

    assert seen.splitlines() == [
        "AKIAIOSFODNN7EXAMPLE None us-east-1 default",
        str(
            [
                "AWS_ACCESS_KEY_ID",
                "AWS_ACCOUNT_ID_ENDPOINT_MODE",
                "AWS_CONFIG_FILE",
                "AWS_DEFAULT_REGION",
                "AWS_EC2_METADATA_DISABLED",
                "AWS_REGION",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_SHARED_CREDENTIALS_FILE",
            ]
        ),
    ]


def test_a_profile_file_is_not_read(child: Child, tmp_path) -> None:
    (tmp_path / "credentials").write_text(
        "[default]\naws_access_key_id = AKIAQ7N3XH2VZ5LTDWKM\naws_secret_access_key = u8Jx1\n"
    )

    seen = child(
        "import labkit, boto3; print(boto3.Session().get_credentials().access_key)",
        AWS_SHARED_CREDENTIALS_FILE=str(tmp_path / "credentials"),
    )

    assert seen == "AKIAIOSFODNN7EXAMPLE"


def test_the_refusal_says_what_happened_and_what_to_do(child: Child) -> None:
    message = child(
        """
        import labkit, boto3
        from labkit.sandbox.guard import NetworkRefused
        try:
            boto3.client("sqs").list_queues()
        except NetworkRefused as refusal:
            print(refusal)
        """
    )

    assert "labkit refused a connection to sqs.us-east-1.amazonaws.com" in message
    assert "labkit.start(...)" in message


def test_a_python_child_is_armed_too(child: Child) -> None:
    outcome = child(
        """
        import labkit, subprocess, sys
        for code in ("import urllib.request as u; u.urlopen('https://example.com')",
                     "import boto3; boto3.client('sqs').list_queues()",
                     "import socket; socket.create_connection(('203.0.113.7', 443))"):
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
            print(done.stderr.splitlines()[-1].split(":")[0])
        """
    )

    assert set(outcome.split()) == {"labkit.sandbox.guard.NetworkRefused"}


def test_a_grandchild_in_another_directory_is_armed_too(child: Child, tmp_path) -> None:
    outcome = child(
        f"""
        import labkit, os, subprocess, sys
        os.chdir({str(tmp_path)!r})
        inner = "import socket; socket.gethostbyname('example.com')"
        outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {{inner!r}}])"
        done = subprocess.run([sys.executable, "-c", outer], capture_output=True, text=True)
        print(done.stderr.splitlines()[-1].split(":")[0])
        """
    )

    assert outcome == "labkit.sandbox.guard.NetworkRefused"


def test_a_spawned_worker_is_armed_too(child: Child, tmp_path) -> None:
    (tmp_path / "work.py").write_text(
        "import socket\n"
        "def look_up():\n"
        "    try:\n"
        "        socket.gethostbyname('example.com')\n"
        "    except BaseException as refusal:\n"
        "        return type(refusal).__name__\n"
    )

    outcome = child(
        f"""
        import sys
        sys.path.insert(0, {str(tmp_path)!r})
        import labkit, multiprocessing, work
        if __name__ == "__main__":
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print(pool.apply(work.look_up))
        """
    )

    assert outcome == "NetworkRefused"


def test_a_child_keeps_the_sitecustomize_that_it_would_have_had(child: Child, tmp_path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import builtins; builtins.was_here = True\n")

    outcome = child(
        "import labkit, subprocess, sys;"
        "print(subprocess.run([sys.executable, '-c', 'print(was_here)'],"
        " capture_output=True, text=True).stdout)",
        PYTHONPATH=str(tmp_path),
    )

    assert outcome == "True"


def test_other_programs_find_a_dead_proxy_and_example_credentials(child: Child) -> None:
    outcome = child(
        """
        import labkit, subprocess
        env = subprocess.run(["env"], capture_output=True, text=True).stdout.splitlines()
        for name in ("HTTPS_PROXY", "http_proxy", "NO_PROXY", "AWS_ACCESS_KEY_ID"):
            print(next(line for line in env if line.startswith(name + "=")))
        """
    )

    assert outcome.splitlines() == [
        "HTTPS_PROXY=http://127.255.255.254:9",
        "http_proxy=http://127.255.255.254:9",
        "NO_PROXY=localhost,127.0.0.1,::1",
        "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
    ]


def test_importing_labkit_loads_neither_boto3_nor_moto(child: Child) -> None:
    loaded = child(
        "import labkit, sys;"
        "print([m for m in ('boto3', 'botocore', 'moto', 'yaml', 'IPython') if m in sys.modules])"
    )

    assert loaded == "[]"


OWN_NAMES = (
    *("127.0.0.1", "127.9.8.7", "::1", "[::1]", "::1%lo", "::ffff:127.0.0.1", "0.0.0.0"),
    *("localhost", "LOCALHOST", b"127.0.0.1", "", None),
)
OTHERS = (
    *("127.evil.example", "127.0.0.1.example.com", "localhost.example.com", "example.com"),
    *("10.0.0.1", "::ffff:10.0.0.1", "169.254.169.254", "2001:db8::1", b"example.com"),
)


@pytest.mark.parametrize("host", OWN_NAMES)
def test_this_machine_is_known_by_its_names(host: str | bytes | None) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", OTHERS)
def test_no_other_host_passes_for_this_machine(host: str | bytes) -> None:
    assert not is_this_machine(host)


@pytest.fixture
def listener() -> Iterator[int]:
    """A port of this machine where someone answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")

        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def test_this_machine_can_be_reached(listener: int) -> None:
    import requests

    assert requests.get(f"http://localhost:{listener}/", timeout=5).text == "hi"


def test_a_unix_socket_passes(tmp_path) -> None:
    path = str(tmp_path / "bell")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(path)
        server.listen()

        client.connect(path)


def test_arming_again_changes_nothing() -> None:
    from labkit.sandbox import guard

    guard.arm()

    with pytest.raises(NetworkRefused):
        socket.gethostbyname("example.com")
