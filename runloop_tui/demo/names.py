"""Ids and random numbers derived from a seed and a key, and realistic names of scenarios, agents and models."""

import hashlib
import random
from functools import cache, lru_cache

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PAIRS = [first + second for second in ALPHABET for first in ALPHABET]
RUN_PART = 8
"""Number of characters at the end of a scenario run's or devbox's id that identify its benchmark run."""


@lru_cache(maxsize=1 << 16)
def letters(count: int, *key: object) -> str:
    """Return `count` letters and digits that depend on `key` alone."""
    number = int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=24).digest())
    out = []
    for _ in range(0, count, 2):
        number, pair = divmod(number, len(_PAIRS))
        out.append(_PAIRS[pair])
    return "".join(out)[:count]


def make_id(prefix: str, *key: object) -> str:
    """Return an id such as `bmr_3fK…` with 21 letters and digits."""
    return f"{prefix}_{letters(21, prefix, *key)}"


def seeded_random(*key: object) -> random.Random:
    """Return a random generator seeded with `key`: the same sequence on every machine."""
    return random.Random(repr(key))  # noqa: S311 - not used for secrets


# Repository → (share of SWE-bench Verified, share of SWE-bench Lite, lowest and highest number).
_REPOSITORIES = {
    "astropy__astropy": (22, 6, 6938, 14995),
    "django__django": (231, 114, 10087, 17087),
    "matplotlib__matplotlib": (34, 23, 13989, 26466),
    "mwaskom__seaborn": (2, 4, 2848, 3407),
    "pallets__flask": (1, 3, 4045, 5063),
    "psf__requests": (8, 6, 863, 6028),
    "pydata__xarray": (22, 5, 2905, 7393),
    "pylint-dev__pylint": (10, 6, 4551, 8898),
    "pytest-dev__pytest": (19, 17, 5103, 11148),
    "scikit-learn__scikit-learn": (32, 23, 9288, 26323),
    "sphinx-doc__sphinx": (44, 16, 7233, 11510),
    "sympy__sympy": (75, 77, 11400, 24909),
}

_TASKS = """
adaptive-rejection-sampler bn-fit-modify break-filter-js-from-html build-cython-ext build-pmars
build-pov-ray caffe-cifar-10 cancel-async-tasks chess-best-move circuit-fibsqrt
cobol-modernization code-from-image compile-compcert configure-git-webserver
constraints-scheduling count-dataset-tokens crack-7z-hash custom-memory-heap-crash
db-wal-recovery distribution-search dna-assembly dna-insert extract-elf
extract-moves-from-video feal-differential-cryptanalysis feal-linear-cryptanalysis
filter-js-from-html financial-document-processor fix-code-vulnerability fix-git fix-ocaml-gc
gcode-to-text git-leak-recovery git-multibranch gpt2-codegolf headless-terminal
hf-model-inference install-windows-3.11 kv-store-grpc large-scale-text-editing
largest-eigenval llm-inference-batching-scheduler log-summary-date-ranges mailman
make-doom-for-mips make-mips-interpreter mcmc-sampling-stan merge-diff-arc-agi-task
model-extraction-relu-logits modernize-scientific-stack mteb-leaderboard mteb-retrieve
multi-source-data-merger nginx-request-logging openssl-selfsigned-cert overfull-hbox
password-recovery path-tracing path-tracing-reverse polyglot-c-py polyglot-rust-c
portfolio-optimization protein-assembly prove-plus-comm pypi-server pytorch-model-cli
pytorch-model-recovery qemu-alpine-ssh qemu-startup query-optimize raman-fitting regex-chess
regex-log reshard-c4-data rstan-to-pystan sam-cell-seg sanitize-git-repo
schemelike-metacircular-eval sparql-university sqlite-db-truncate sqlite-with-gcov
torch-pipeline-parallelism torch-tensor-parallelism train-fasttext tune-mjcf video-processing
vulnerable-secret winning-avg-corewars write-compressor
"""

_BILLING = """
cent-lost-in-split-refund credit-note-twice currency-from-wrong-account discount-after-tax
dunning-on-holiday invoice-number-gap leap-day-renewal ledger-retry-doubles
proration-off-by-one-day rounding-per-line vat-id-lowercase webhook-out-of-order
"""

TERMINAL_BENCH_2 = tuple(_TASKS.split())
"""The tasks of Terminal-Bench 2.0."""

BILLING_TASKS = tuple(_BILLING.split())
"""The scenarios of a private benchmark."""

MODELS = {
    "claude-code": "claude-sonnet-4-5",
    "codex": "gpt-5-codex",
    "opencode": "qwen3-coder-480b",
    "goose": "claude-haiku-4-5",
    "gemini-cli": "gemini-2.5-pro",
    "mini-swe-agent": "gpt-5-mini",
}
"""Agent → the model that it runs with in the demo."""


def _spread(shares: dict[str, int]) -> tuple[str, ...]:
    chance = seeded_random("instances", *shares.values())
    instances = []
    for repository, share in shares.items():
        low, high = _REPOSITORIES[repository][2:]
        numbers = chance.sample(range(low, high), share)
        instances += [f"{repository}-{number}" for number in sorted(numbers)]
    return tuple(instances)


@cache
def swe_bench_verified() -> tuple[str, ...]:
    """Return 500 instance ids in the proportions of SWE-bench Verified."""
    return _spread({name: row[0] for name, row in _REPOSITORIES.items()})


@cache
def swe_bench_lite() -> tuple[str, ...]:
    """Return 300 instance ids in the proportions of SWE-bench Lite."""
    return _spread({name: row[1] for name, row in _REPOSITORIES.items()})
