"""records ADDR, in Python: takes apart the records that come, and prints their contents."""

import socket
import sys
import zlib

LONGEST_CONTENT = 1_048_576
USAGE = "usage: records.py ADDR, where ADDR is as in 127.0.0.1:7000"


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
            print_records(stream.makefile("rb"))
    except (OSError, ValueError) as error:
        print(f"records.py: {error}", file=sys.stderr)
        return 1
    return 0


def print_records(stream):
    out = sys.stdout.buffer
    while first := stream.read(1):
        content = receive(stream, read_length(stream, first[0]))
        checksum = receive(stream, 4)
        if int.from_bytes(checksum, "big") != zlib.adler32(content):
            raise ValueError("a checksum does not fit its content")
        out.write(content.replace(b"\\", rb"\\").replace(b"\n", rb"\n") + b"\n")
        out.flush()


def read_length(stream, byte):
    """The length that begins with this byte."""
    length = 0
    for shift in (0, 7, 14):
        if shift:
            byte = receive(stream, 1)[0]
        length |= (byte & 0x7F) << shift
        if byte & 0x80:
            continue
        if shift and byte == 0:
            raise ValueError("a length is longer than it has to be")
        if length > LONGEST_CONTENT:
            raise ValueError("a record is too long")
        return length
    raise ValueError("a length has more than three bytes")


def receive(stream, length):
    """Exactly so many bytes."""
    part = stream.read(length)
    if len(part) < length:
        raise ValueError("the last record was cut off")
    return part


sys.exit(main())
