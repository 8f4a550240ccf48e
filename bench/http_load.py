"""Clients that ask over real sockets: `python -m bench.http_load PORT SECONDS FILE`, in a process of its own.

FILE holds one JSON list of requests a client, each the text of a whole HTTP request but its Content-Length;
`{nonce}` becomes a new UUID each time. Prints one JSON object: requests a second, median and p99 in
milliseconds, and how often each status came.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, Thread
from uuid import uuid4

HOST = "127.0.0.1"
_END = b"\r\n\r\n"


@dataclass
class Client:
    """One client: its connection is kept, and made again where the server closed it."""

    port: int
    requests: list[str]
    taken: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    _socket: socket.socket | None = None

    def run(self, start: Barrier, seconds: float) -> None:
        start.wait()
        until, turn = time.perf_counter() + seconds, 0
        while time.perf_counter() < until:
            message = prepared(self.requests[turn % len(self.requests)])
            begun = time.perf_counter()
            status = self._ask(message)
            self.taken.append(time.perf_counter() - begun)
            self.statuses[status] += 1
            turn += 1

    def _ask(self, message: bytes) -> str:
        for attempt in (1, 2):
            kept = self._socket or socket.create_connection((HOST, self.port), timeout=30)
            kept.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = kept
            try:
                kept.sendall(message)
                answer = read_answer(kept)
            except OSError:
                answer = b""
            if not answer or b"connection: close" in answer.lower():
                kept.close()
                self._socket = None
            if answer:
                return answer[9:12].decode()
            assert attempt == 1 or not answer
        return "lost"


def prepared(request: str) -> bytes:
    """The request as it is sent, with its length."""
    head, _, body = request.replace("{nonce}", str(uuid4())).partition("\n\n")
    sent = body.encode()
    lines = [*head.split("\n"), f"Content-Length: {len(sent)}"]
    return "\r\n".join(lines).encode() + _END + sent


def read_answer(kept: socket.socket) -> bytes:
    """The head of one whole answer; nothing where the server closed."""
    got = b""
    while _END not in got:
        piece = kept.recv(65536)
        if not piece:
            return b""
        got += piece
    head, _, body = got.partition(_END)
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    missing = length - len(body)
    while missing > 0:
        piece = kept.recv(min(missing, 65536))
        if not piece:
            return b""
        missing -= len(piece)
    return head


def main(port: int, seconds: float, path: Path) -> None:
    clients = [Client(port, requests) for requests in json.loads(path.read_text())]
    start = Barrier(len(clients) + 1)
    threads = [Thread(target=client.run, args=(start, seconds), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join(timeout=seconds + 60)
    passed = time.perf_counter() - begun
    taken = sorted(one * 1000 for client in clients for one in client.taken)
    statuses: Counter[str] = Counter()
    for client in clients:
        statuses.update(client.statuses)
    result = {
        "rate": len(taken) / passed,
        "median": taken[len(taken) // 2],
        "p99": taken[int(len(taken) * 0.99)],
        "statuses": statuses,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
