"""An SMTP server that keeps nothing of a message but its Message-ID and its instant: as fast as Python goes.

`python -m backend.ops.bench.sink --port P --file F`: one line a message, `<unix time> <Message-ID>`.
"""

import argparse
import asyncio
import re
import sys
import time
from pathlib import Path
from typing import IO

from backend.ops.mailbox import answers
from backend.ops.supervisor import Child

_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_ANSWERS = {
    b"EHLO": b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
    b"HELO": b"250 sink\r\n",
    b"MAIL": b"250 OK\r\n",
    b"RCPT": b"250 OK\r\n",
    b"RSET": b"250 OK\r\n",
    b"NOOP": b"250 OK\r\n",
    b"QUIT": b"221 bye\r\n",
}


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: IO[str]) -> None:
    """One connection, until it quits or breaks."""
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            writer.write(b"354 go on\r\n")
            message = await reader.readuntil(b"\r\n.\r\n")
            found = _ID.search(message)
            kept.write(f"{time.time():.4f} {found[1].decode() if found else '-'}\n")
            kept.flush()
        writer.write(_ANSWERS.get(verb, b"250 OK\r\n" if verb == b"DATA" else b"502 unknown\r\n"))
        if verb == b"QUIT":
            break
    writer.close()


async def serve(port: int, file: Path) -> None:
    with file.open("a") as kept:
        server = await asyncio.start_server(
            lambda r, w: converse(r, w, kept), "127.0.0.1", port, limit=1 << 24
        )
        async with server:
            await server.serve_forever()


def child(port: int, file: Path, log: Path) -> Child:
    """The server as a process to start."""
    argv = (sys.executable, "-m", "backend.ops.bench.sink", "--port", str(port), "--file", str(file))
    return Child("SMTP sink", argv, log, ready=lambda: answers(port))


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sink", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True)
    options = parser.parse_args(argv)
    asyncio.run(serve(options.port, options.file))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
