"""A mail server that stores messages, and whose replies a fault can script."""

import asyncio
import email
import email.policy
import re
import time

from aiosmtpd.smtp import SMTP

SUBJECTS = {
    "Verify your email address": "verify_email",
    "Choose a new password": "reset_password",
    "You are invited": "invite",
    "Your password for": "password_changed",
    "New sign-in": "suspicious_sign_in",
    "You already have an account": "address_taken",
}


class MailServer:
    """Listens on one port, which it keeps while it is stopped."""

    def __init__(self, port):
        self.port = port
        self.mails = []
        self.accept()
        self.listening = None
        self.arrived = asyncio.Condition()
        self.conversations = set()
        # The messages refused because of a fault, for the checker.
        self.refused = []
        self.kept_unsaid = 0

    def accept(self):
        """Accepts all messages from now on."""
        self.verdict = lambda mail: "250 kept"

    async def start(self):
        loop = asyncio.get_running_loop()
        self.listening = await loop.create_server(lambda: Conversation(self, loop), "127.0.0.1", self.port)

    async def stop(self):
        """Closes all connections, and accepts no more."""
        self.listening.close()
        await self.listening.wait_closed()
        for conversation in list(self.conversations):
            conversation.transport.abort()

    async def handle_DATA(self, server, session, envelope):
        mail = parse(envelope)
        verdict = self.verdict(mail)
        if verdict == "hang":
            await asyncio.sleep(30)
            return "451 too late"
        if verdict.startswith("5"):
            self.refused.append(mail)
        if verdict.startswith("250") or verdict == "keep and hang up":
            async with self.arrived:
                self.mails.append(mail)
                self.arrived.notify_all()
        if verdict == "keep and hang up":
            self.kept_unsaid += 1
            server.transport.abort()
            return "451 never said"
        return verdict

    def find(self, to, kind):
        return [mail for mail in self.mails if mail["to"] == to and mail["kind"] == kind]

    async def wait_for(self, to, kind, seconds):
        """Waits for a message, and returns the token of the newest one, or None if there is none in time."""
        try:
            async with asyncio.timeout(seconds):
                async with self.arrived:
                    await self.arrived.wait_for(lambda: self.find(to, kind))
        except TimeoutError:
            return None
        return self.find(to, kind)[-1]["token"]


class Conversation(SMTP):
    """One connection, registered with the mail server while it is open."""

    def __init__(self, mail_server, loop):
        super().__init__(mail_server, hostname="mail.test", enable_SMTPUTF8=True, loop=loop)
        self.conversations = mail_server.conversations

    def connection_made(self, transport):
        super().connection_made(transport)
        self.conversations.add(self)

    def connection_lost(self, error):
        super().connection_lost(error)
        self.conversations.discard(self)


def parse(envelope):
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    text = message.get_body(("plain",)).get_content()
    subject = message["Subject"]
    token = re.search(r"token=([A-Za-z0-9_-]+)", text)
    return {
        "at": time.time(),
        "to": envelope.rcpt_tos[0],
        "kind": next((kind for words, kind in SUBJECTS.items() if subject.startswith(words)), subject),
        "id": message["Message-ID"],
        "token": token and token[1],
        "text": text,
    }
