"""What else there is to say of Lambda; the running of code is in labkit.runtime."""

from __future__ import annotations

from labkit.fidelity.registry import corrected, differs

GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/"

corrected(
    "lambda",
    "A function's own address answers, if its policy lets the public or the signer in.",
    "https://URL-ID.lambda-url.REGION.on.aws/; both lambda:InvokeFunctionUrl and "
    "lambda:InvokeFunction are needed.",
    test="test_a_function_answers_at_its_own_address",
    source=GUIDE + "urls-auth.html",
)
corrected(
    "lambda",
    "A function's address with AuthType AWS_IAM wants a signature for lambda.",
    "403 without one, and without the permissions.",
    test="test_an_address_with_aws_iam_wants_a_signature",
    source=GUIDE + "urls-auth.html",
)

_DIFFERENT = [
    (
        "Every Python runtime is the Python that runs the lab; its standard library may differ.",
        "The runtime that the function names, on Amazon Linux.",
        GUIDE + "lambda-runtimes.html",
    ),
    (
        "Time in a handler is the sandbox's: it passes while the handler sleeps; work takes none.",
        "Work takes time, the more the less memory the function has.",
        GUIDE + "configuration-memory.html",
    ),
    (
        "A reported duration is the time that the handler slept, and one millisecond.",
        "The time that it took, in hundredths of a millisecond.",
        GUIDE + "python-logging.html",
    ),
    (
        "A handler that computes for five real seconds is stopped as one that timed out.",
        "It may compute until its timeout.",
        GUIDE + "configuration-timeout.html",
    ),
    (
        "Max Memory Used is rounded up to 64 MB.",
        "It is told to the megabyte.",
        GUIDE + "python-logging.html",
    ),
    (
        "The log begins with START; there is no INIT_START line.",
        "A cold start writes INIT_START with the version of the runtime first.",
        GUIDE + "lambda-runtimes.html",
    ),
    (
        "An environment that waits is kept warm for ten minutes of virtual time.",
        "AWS does not say for how long; it can end at any time.",
        GUIDE + "lambda-runtime-environment.html",
    ),
    (
        "Python's file functions lead /tmp to a folder of the environment's own; it has no limit.",
        "/tmp is a file system of 512 MB, or more if the function asks for it.",
        GUIDE + "configuration-ephemeral-storage.html",
    ),
    (
        "What a function draws by chance is the same in every run of a lab.",
        "It is chance.",
        GUIDE + "lambda-runtime-environment.html",
    ),
    (
        "A queue or stream is looked into when something has come.",
        "Lambda polls all the time, and its ReceiveMessage calls on a queue are billed.",
        GUIDE + "with-sqs.html",
    ),
    (
        "A stream's batch that fails is tried again after 1, 2, 4 and up to 60 seconds.",
        "Lambda backs off too, and does not say how far.",
        GUIDE + "with-ddb.html",
    ),
    (
        "The shards of a stream are handled one after the other, one batch at a time.",
        "All at once, and up to ten batches of a shard with a parallelization factor.",
        GUIDE + "with-kinesis.html",
    ),
    (
        "Tumbling windows and provisioned pollers are kept as settings and do nothing.",
        "A window carries state from one batch to the next; pollers scale the reading.",
        GUIDE + "services-kinesis-windows.html",
    ),
    (
        "A function's address leads to $LATEST, and answers when the function has ended.",
        "A qualifier makes it an alias's; InvokeMode RESPONSE_STREAM streams the answer.",
        GUIDE + "urls-configuration.html",
    ),
    (
        "Function code runs as your user on this machine, cut off from the network, not isolated.",
        "Each environment is a virtual machine of its own.",
        GUIDE + "lambda-security.html",
    ),
]
for _behaviour, _aws, _source in _DIFFERENT:
    differs("lambda", _behaviour, _aws, source=_source)
