"""A real HTTP server on this machine that plays an SMS gateway or a group's robot."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Gateway:
    """What it received, and how it answers: `status`, `body`, after `wait` seconds; `location` redirects."""

    def __init__(self):
        self.received = []
        self.status, self.body, self.wait, self.location = 200, '{"code": 0, "errcode": 0}', 0, ""

    @property
    def last(self):
        """(path, headers, body) of the newest request; the body as text."""
        return self.received[-1]

    @property
    def json(self):
        return json.loads(self.last[2])


@contextmanager
def gateway():
    """Run one; `address` is its http://host:port."""
    state = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            state.received.append((self.path, dict(self.headers), body))
            time.sleep(state.wait)
            self.send_response(state.status)
            if state.location:
                self.send_header("Location", state.location)
            self.end_headers()
            self.wfile.write(state.body.encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
