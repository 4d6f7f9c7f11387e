"""A mail server that keeps what it is given: (recipient, subject, Message-ID, body) in the order of arrival."""

import email
import email.policy
import socketserver
import threading
import time


class Sink:
    """Listens on a port of its own. `stop` and `start` take it down and bring it back on the same port."""

    def __init__(self, seconds=0.0):
        self.seconds = seconds  # that each message takes
        self.mails, self.port, self._server = [], 0, None
        self.start()

    def start(self):
        """Listen (again)."""
        self._server = _Server(("127.0.0.1", self.port), _Talk)
        self._server.sink = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        """Refuse connections, and end those that are open."""
        self._server.shutdown()
        self._server.server_close()
        for talk in list(self._server.talks):
            talk.close()

    def take(self, recipients, data):
        time.sleep(self.seconds)
        message = email.message_from_bytes(data, policy=email.policy.default)
        body = message.get_body(("plain",)).get_content()
        self.mails += [(to, str(message["Subject"]), str(message["Message-ID"]), body) for to in recipients]

    def count(self):
        return len(self.mails)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, *args):
        self.talks = set()
        super().__init__(*args)


class _Talk(socketserver.StreamRequestHandler):
    """One connection: as much SMTP as Python's client speaks."""

    def handle(self):
        self.server.talks.add(self.connection)
        try:
            self._talk()
        except OSError:
            pass  # the client was killed
        finally:
            self.server.talks.discard(self.connection)

    def _talk(self):
        self._say("220 sink")
        recipients = []
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"RCPT":
                recipients.append(line.partition(b"<")[2].partition(b">")[0].decode())
            if verb == b"QUIT":
                return self._say("221 bye")
            if verb == b"DATA":
                self._say("354 go on")
                data = self._read_data()
                if data is None:
                    return None
                self.server.sink.take(recipients, data)
                recipients = []
            self._say("250 ok")
        return None

    def _read_data(self):
        lines = []
        while line := self.rfile.readline():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b"..") else line)
        return None  # broken off: nothing was handed over

    def _say(self, words):
        self.wfile.write(f"{words}\r\n".encode())
