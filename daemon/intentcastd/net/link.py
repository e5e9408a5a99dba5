"""A link: whole frames over any stream, with a bounded outbox.

`send` never waits: it puts a frame into the outbox or says that there is no room, and whoever owns the machine decides
what that means. A writer (`run`) empties the outbox: all that waits goes out in one send, up to 64 KiB, because one TLS
record per small frame costs several times as much. `receive` hands over all frames that are there.

Idle links, the hello and who the peer is are the machines' business.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import trio

from intentcast.encoding.framing import FrameReader, frame
from intentcast.limits import LINK_OUTBOX_FRAMES, MAX_FRAME_BYTES
from intentcastd.net.errors import LinkClosed

SEND_BYTES: Final = 64 * 1024
"""Once this much is gathered it is sent."""
RECEIVE_BYTES: Final = 64 * 1024
# Beside LIM-39: a peer that stops reading makes us keep 256 frames, and at 64 KiB each that would be 16 MiB per peer.
OUTBOX_BYTES: Final = 2 * 1024 * 1024
CLOSE_SECONDS: Final = 1.0
"""How long a closing link may take to send what is in its outbox, and then to say goodbye."""


class Link:
    """Frames over one stream. One task receives, one runs `run`, anybody in Trio's thread sends."""

    def __init__(
        self, stream: trio.abc.Stream, *, largest: int = MAX_FRAME_BYTES, outbox_frames: int = LINK_OUTBOX_FRAMES
    ) -> None:
        self._stream = stream
        self._reader = FrameReader(largest)
        self._outbox: deque[bytes] = deque()
        self._outbox_bytes = 0
        self._outbox_frames = outbox_frames
        self._news = trio.Event()
        self._progress = trio.Event()
        self._writing = trio.CancelScope()
        self._running = False
        self._is_open = True
        self._aborted = False
        self._handed_over = False
        self._written = trio.Event()
        self.sent_bytes = 0
        self.received_bytes = 0

    @property
    def is_open(self) -> bool:
        """Whether frames are still taken."""
        return self._is_open

    @property
    def largest(self) -> int:
        """Largest payload that is taken: FIRST_FRAME_BYTES before the hello (LIM-35), then MAX_FRAME_BYTES."""
        return self._reader.most

    @largest.setter
    def largest(self, size: int) -> None:
        self._reader.most = size

    def waiting(self) -> int:
        """Return how many frames are in the outbox."""
        return len(self._outbox)

    def send(self, payload: bytes) -> bool:
        """Put a frame into the outbox; return False, and do nothing, if there is no room or the link is closed.

        Raises:
            Misuse: the payload is empty or larger than a frame may be.
        """
        whole = frame(payload)
        if (
            not self._is_open
            or len(self._outbox) >= self._outbox_frames
            or self._outbox_bytes + len(whole) > OUTBOX_BYTES
        ):
            return False
        self._outbox.append(whole)
        self._outbox_bytes += len(whole)
        self._news.set()
        return True

    async def room(self, frames: int) -> None:
        """Wait until fewer than so many frames are in the outbox, or the link is closed: for what may take its time."""
        while self._is_open and len(self._outbox) >= frames:
            await self._progress.wait()

    async def receive(self, at_most: int | None = None) -> list[bytes]:
        """Return the payloads that are there, at least one, in order; wait if there is none.

        Args:
            at_most: leave further frames for the next call. Before the hello and before an answer that turns the link
                into a tunnel this is 1, for what follows is read by other rules.

        Raises:
            LinkClosed: the peer closed the link, or it broke.
            Rejected: a length is 0 or over the limit; the link is of no use any more.
        """
        payloads = self._reader.feed(b"", at_most)
        if payloads:
            await trio.lowlevel.checkpoint()
        while not payloads:
            payloads = self._reader.feed(await self._receive_some(), at_most)
        return payloads

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Send what comes into the outbox until the link is closed, breaks, or is handed over; then close the stream.

        If this is cancelled the stream is closed at once.
        """
        self._running = True
        task_status.started()
        written = False
        try:
            with self._writing:
                await self._write()
                written = True
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            pass  # `receive` says so to whoever listens
        finally:
            self._is_open = False
            if not written or not self._handed_over:
                self._handed_over = False
                self._outbox.clear()
                self._outbox_bytes = 0
                await close_stream(self._stream, 0 if self._aborted else CLOSE_SECONDS)
            self._written.set()
            self._progress.set()

    def close(self) -> None:
        """Take no more frames, send what is in the outbox if the peer still reads, then say goodbye. Never waits."""
        if self._is_open:
            self._is_open = False
            self._writing.deadline = trio.current_time() + CLOSE_SECONDS
            self._news.set()

    def abort(self) -> None:
        """Close at once, whatever is in the outbox. Never waits."""
        self._is_open = False
        self._aborted = True
        self._writing.cancel()

    async def into_stream(self) -> trio.abc.Stream:
        """Send what is in the outbox, end the link without closing it, and return the bytes that follow as a stream.

        For both sides of a connect: the next byte after its answer belongs to a tunnel. `run`, which must have begun,
        returns; the stream is the caller's to close.

        Raises:
            LinkClosed: the link is closed or broke before all was sent.
        """
        if self._is_open and self._running:
            self._handed_over = True
            self._is_open = False
            self._news.set()
            try:
                await self._written.wait()
            except BaseException:
                self._handed_over = False
                self.abort()
                raise
        if not self._handed_over:
            raise _closed()
        return LinkStream(self._reader.rest(), self._stream)

    async def _receive_some(self) -> bytes:
        try:
            data = await self._stream.receive_some(RECEIVE_BYTES)
        except (trio.BrokenResourceError, trio.ClosedResourceError) as error:
            raise _closed() from error
        if not data:
            raise _closed()
        self.received_bytes += len(data)
        return bytes(data)

    async def _write(self) -> None:
        while True:
            if not self._outbox:
                if not self._is_open:
                    return
                self._news = trio.Event()
                await self._news.wait()
                continue
            frames, size = self._gather()
            await self._stream.send_all(b"".join(frames))
            for _ in frames:
                self._outbox_bytes -= len(self._outbox.popleft())
            self.sent_bytes += size
            # All who wait share one event, so all of them look again.
            self._progress.set()
            self._progress = trio.Event()

    def _gather(self) -> tuple[list[bytes], int]:
        # They stay in the outbox until they are sent: a peer that stalls must not get room for more.
        frames, size = [], 0
        for whole in self._outbox:
            frames.append(whole)
            size += len(whole)
            if size >= SEND_BYTES:
                break
        return frames, size


class LinkStream(trio.abc.Stream):
    """What follows the last frame of a link: bytes that were read too far, then the stream itself."""

    def __init__(self, head: bytes, stream: trio.abc.Stream) -> None:
        self._head = head
        self._stream = stream

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        """Return some bytes, empty at the end."""
        if self._head:
            await trio.lowlevel.checkpoint()
            size = len(self._head) if max_bytes is None else max_bytes
            data, self._head = self._head[:size], self._head[size:]
            return data
        return await self._stream.receive_some(max_bytes)

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        """Send all bytes."""
        await self._stream.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        """Wait until there may be room."""
        await self._stream.wait_send_all_might_not_block()

    async def aclose(self) -> None:
        """Close the stream."""
        self._head = b""
        await self._stream.aclose()


async def close_stream(stream: trio.abc.AsyncResource, seconds: float = CLOSE_SECONDS) -> None:
    """Say goodbye and close: at once where the task is cancelled, and in any case after so many seconds."""
    try:
        with trio.move_on_after(seconds):
            await stream.aclose()
    except (trio.BrokenResourceError, trio.ClosedResourceError):
        pass  # the other side was faster
    finally:
        with trio.CancelScope(shield=True):
            await trio.aclose_forcefully(stream)


def _closed() -> LinkClosed:
    return LinkClosed("The link is closed.", "It is opened again by itself where it is needed.")
