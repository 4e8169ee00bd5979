"""HTTP client of the virtual users: one connection per request, so that faults hit new connections, too."""

import asyncio
import json

# Seconds; longer than all timeouts of a server in sequence. The checker has a stricter bound.
PATIENCE = 12


class NotSent(Exception):
    """No server listens, so the request reached no server."""


class Lost(Exception):
    """The request was sent, but no complete response arrived."""


async def exchange(port, method, path, body=None, token=None):
    """Sends a request, and returns the status, the headers (lower case), and the body."""
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), PATIENCE)
    except (OSError, asyncio.TimeoutError) as error:
        raise NotSent(repr(error)) from error
    try:
        text = json.dumps(body).encode() if body is not None else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n"
        if token:
            head += f"Authorization: Bearer {token}\r\n"
        writer.write(head.encode() + b"\r\n" + text)
        return await asyncio.wait_for(read(reader), PATIENCE)
    except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
        raise Lost(repr(error)) from error
    finally:
        writer.close()


async def read(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ")[1])
    headers = dict((name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in head[1:]) if name)
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    elif headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
    else:
        body = await reader.read()
    return status, headers, json.loads(body) if body else None
