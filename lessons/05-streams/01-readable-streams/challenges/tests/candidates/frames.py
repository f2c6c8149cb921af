"""frames ADDR, in Python: takes apart the frames that come, however they are cut."""

import socket
import struct
import sys

LONGEST_CONTENT = 1_048_576
USAGE = "usage: frames.py ADDR, where ADDR is as in 127.0.0.1:7000"


def main():
    try:
        host, port = sys.argv[1].rsplit(":", 1)
        addr = (host, int(port))
        if addr[1] > 65_535:
            raise ValueError(port)
    except (IndexError, ValueError):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        with socket.create_connection(addr) as stream:
            print_frames(stream)
    except (OSError, ValueError) as error:
        print(f"frames.py: {error}", file=sys.stderr)
        return 1
    return 0


def print_frames(stream):
    number = 0
    while first := stream.recv(1):
        (length,) = struct.unpack(">I", first + receive(stream, 3))
        if length > LONGEST_CONTENT:
            raise ValueError(f"a frame claims {length} bytes")
        content = receive(stream, length)
        number += 1
        print(f"frame {number}: {length} bytes, sum {sum(content)}", flush=True)


def receive(stream, length):
    """Exactly so many bytes."""
    parts = bytearray()
    while len(parts) < length:
        part = stream.recv(length - len(parts))
        if not part:
            raise ValueError("the last frame was cut off")
        parts += part
    return parts


sys.exit(main())
