"""The log: one JSON line per change that a user would care about. The only door to logging.

Never content, never a key, never a whole id: what slips into a line is taken out before it reaches the disk, by the name
of its field and by its look. Lines of libraries go the same way. Writing happens in a thread, so that a slow disk holds
nobody up; when it is too slow, lines are dropped and counted.
"""

from __future__ import annotations

import atexit
import logging
import logging.handlers
import os
import queue
import re
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor

MAX_FILE_BYTES: Final = 1 << 20
OLD_FILES: Final = 3
MAX_WAITING_LINES: Final = 10_000
SHOWN: Final = 8
"""Characters of an id that a line shows: enough to find it, too few to use it."""

_SECRET_FIELD: Final = re.compile(
    r"secret|private|seed|token|pass(word|phrase|wd)|cookie|authorization|credential|api_?key|vault_?key", re.IGNORECASE
)
# What people and vendors write. A field of this name is content, whatever it holds.
_CONTENT_FIELDS: Final = frozenset(
    "address area body budget city content details draft email envelope message name need note offer plaintext phone "
    "postcode preview query rfp street telephone text title".split()
)
# Ids, keys and signatures as hexadecimal; onion names, one-time secrets and the like as base32.
_LONG: Final = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{32,}|[A-Z2-7]{32,}|[a-z2-7]{52,})(?![0-9A-Za-z])")
_REDACTED: Final = "[redacted]"

Log = structlog.stdlib.BoundLogger


def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Take secrets and content out of one line (a structlog processor)."""
    return {name: _harmless(name, value) for name, value in event.items()}


def _harmless(name: str, value: object) -> object:
    if name.startswith("_"):  # structlog's own, gone before the line is written
        return value
    if _SECRET_FIELD.search(name) or name.lower() in _CONTENT_FIELDS:
        return _REDACTED
    match value:
        case bool() | int() | float() | None:
            return value
        case bytes() | bytearray() | memoryview():
            return _short(bytes(value).hex())
        case Mapping():
            return {str(key): _harmless(str(key), item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_harmless(name, item) for item in value]
        case _:
            return _LONG.sub(lambda match: _short(match[0]), str(value))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


_SHARED: Final[tuple[Processor, ...]] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # Before the queue: a traceback must be read in the task that failed.
    structlog.processors.format_exc_info,
    redact,
)

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


class _Queue(logging.handlers.QueueHandler):
    """Hands lines to the thread that writes them; never waits."""

    dropped = 0

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        # The inherited one would turn structlog's fields into text, and redaction by name would be blind.
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            self.dropped += 1


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A file of bounded size for its owner alone."""

    failed = 0

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        # Without a buffer: what a full disk refused must not be tried again, and fail again, when the file is closed.
        return TextIOWrapper(os.fdopen(descriptor, "ab", buffering=0), encoding="utf-8", write_through=True)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        # A full disk must not fill the terminal with tracebacks about the log.
        self.failed += 1


class _Open:
    """The log while it is open."""

    def __init__(self, file: Path, level: str) -> None:
        self.file = _PrivateFile(file, maxBytes=MAX_FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8", delay=False)
        self.file.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=_SHARED,
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    redact,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            )
        )
        self.lines = _Queue(queue.Queue(MAX_WAITING_LINES))
        self.thread = logging.handlers.QueueListener(self.lines.queue, self.file)
        root = logging.getLogger()
        root.addHandler(self.lines)
        root.setLevel(level.upper())
        for loud in ("httpx", "httpcore"):  # they log every address that is asked, at INFO
            logging.getLogger(loud).setLevel(logging.WARNING)
        self.thread.start()

    def close(self) -> None:
        logging.getLogger().removeHandler(self.lines)
        self.thread.stop()
        self.lines.close()
        self.file.close()


_open: _Open | None = None


def open(file: Path, level: str = "info") -> None:  # read as log.open(…)
    """Begin to write the log to a file; lines before this one went to standard error if they were warnings.

    Args:
        file: made for its owner alone; with its predecessors at most 4 MiB.
        level: debug, info, warning or error.
    """
    global _open  # noqa: PLW0603  # the process has one log
    close()
    _open = _Open(file, level)


def close() -> None:
    """Write what waits and close the file. Does nothing if the log is not open."""
    global _open
    if _open is not None:
        closing, _open = _open, None
        closing.close()


def dropped() -> int:
    """Return how many lines were lost since the log was opened, because the disk was too slow or full."""
    return _open.lines.dropped + _open.file.failed if _open is not None else 0


def get(name: str) -> Log:
    """Return the log of one room: `log.get("engine")`. Fields that bind to it appear in each of its lines."""
    logger: Log = structlog.stdlib.get_logger(f"intentcastd.{name}")
    return logger


atexit.register(close)
