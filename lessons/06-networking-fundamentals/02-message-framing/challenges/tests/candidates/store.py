"""store ADDR, in Python: a server that keeps contents under names."""

import re
import socket
import sys
import threading

LONGEST_LINE = 256
LONGEST_CONTENT = 65_536
GET = re.compile(rb"get ([!-~]{1,64})")
SET = re.compile(rb"set ([!-~]{1,64}) (0|[1-9][0-9]*)")

contents = {}


class Lost(Exception):
    """Nobody knows where the next request begins."""


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    listener = socket.create_server((host, int(port)))
    host, port = listener.getsockname()
    print(f"Listening on {host}:{port}", flush=True)
    while True:
        stream, _ = listener.accept()
        threading.Thread(target=serve, args=[stream], daemon=True).start()


def serve(stream):
    with stream, stream.makefile("rb") as reader:
        try:
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while answer_one(reader, stream):
                pass
        except Lost as lost:
            stream.sendall(f"error: {lost}\n".encode())
        except OSError:
            pass  # The client is gone.


def answer_one(reader, stream):
    """Answers one request. False at the end of the stream."""
    line = reader.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
        if line.startswith(b"set "):
            raise Lost("bad set")
        stream.sendall(b"error: line too long\n")
        while line and not line.endswith(b"\n"):
            line = reader.readline(4096)
        return True
    if not line.endswith(b"\n"):
        return False
    line = line[:-1]
    if line.startswith(b"set "):
        request = SET.fullmatch(line)
        # The longest number that is allowed has five digits.
        if not request or len(request[2]) > 5 or int(request[2]) > LONGEST_CONTENT:
            raise Lost("bad set")
        length = int(request[2])
        content = reader.read(length)
        ending = reader.read(1)
        if not ending:
            return False
        if ending != b"\n":
            raise Lost("bad content")
        contents[request[1]] = content
        stream.sendall(b"stored\n")
    elif request := GET.fullmatch(line):
        content = contents.get(request[1])
        if content is None:
            stream.sendall(b"none\n")
        else:
            stream.sendall(b"value %d\n%s\n" % (len(content), content))
    else:
        stream.sendall(b"error: bad request\n")
    return True


main()
