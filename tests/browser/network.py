"""A network between the tablet and the server that fails where it is told to."""

import socket
import threading
from urllib.parse import urlsplit

CHUNK = 65536


class Network:
    """Carries bytes both ways. With the fault "cut_body" an envelope comes through in part,
    with "lose_echo" it comes through and the answer is lost; with "down" nothing does."""

    def __init__(self, server):
        self.server = (urlsplit(server).hostname, urlsplit(server).port)
        self.fault = ""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self._accept)
        self.thread.start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()

    def _accept(self):
        lines = []
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:  # closed
                break
            lines.append(threading.Thread(target=self._carry, args=(near,)))
            lines[-1].start()
        for line in lines:
            line.join()

    def _carry(self, near):
        """One request: the server closes the connection after each."""
        if self.fault == "down":
            near.close()
            return
        with near, socket.create_connection(self.server) as far:
            near.settimeout(10)
            far.settimeout(10)
            try:
                asked = _whole_request(near)
                is_envelope = asked.startswith(b"POST /platta/kuvert ")
                if is_envelope and self.fault == "cut_body":
                    far.sendall(asked[: -len(asked) // 4])
                    return
                far.sendall(asked)
                answer = _until_closed(far)
                if not (is_envelope and self.fault == "lose_echo"):
                    near.sendall(answer)
            except OSError:
                pass


def _whole_request(near):
    """The head, made to be the only one on its connection, and the body."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += _some(near)
    head, _, body = read.partition(b"\r\n\r\n")
    lines = [
        line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")
    ]
    lengths = [line for line in lines if line.lower().startswith(b"content-length:")]
    length = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < length:
        body += _some(near)
    return b"\r\n".join([*lines, b"Connection: close", b"", body])


def _some(connection):
    if not (read := connection.recv(CHUNK)):
        raise ConnectionError("closed")
    return read


def _until_closed(far):
    read = b""
    while part := far.recv(CHUNK):
        read += part
    return read
