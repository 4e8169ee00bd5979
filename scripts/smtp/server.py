"""A mail server for tests, which accepts messages with STARTTLS and a password, and stores them in a folder."""

import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder, certificate, key = (pathlib.Path(argument) for argument in sys.argv[1:])


class Keep:
    """Stores a message before it confirms it."""

    count = 0

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        head = f"{envelope.mail_from} {envelope.rcpt_tos[0]} {'TLS' if session.ssl else 'clear'}\n"
        (folder / f"{self.count}.mail").write_bytes(head.encode() + envelope.content)
        return "250 kept"


def authenticate(server, session, envelope, mechanism, data):
    known = (data.login, data.password) == (b"ann@example.com", b"pass:word/")
    # Not handled: the server sends the reply.
    return AuthResult(success=known, handled=False)


def conversation():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return SMTP(
        keep,
        hostname="mail.test",
        enable_SMTPUTF8=True,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        auth_require_tls=True,
        authenticator=authenticate,
    )


async def serve():
    server = await asyncio.get_running_loop().create_server(conversation, "127.0.0.1", 0)
    # Written to another file and renamed, so that no partial content is read.
    (folder / "port.new").write_text(str(server.sockets[0].getsockname()[1]))
    (folder / "port.new").rename(folder / "port")
    await server.serve_forever()


keep = Keep()
asyncio.run(serve())
