"""lines ADDR, in Python: prints every line that comes, however it is cut."""

import socket
import sys

LONGEST_LINE = 65_536
USAGE = "usage: lines.py ADDR, where ADDR is as in 127.0.0.1:7000"


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
            print_lines(stream)
    except (OSError, ValueError) as error:
        print(f"lines.py: {error}", file=sys.stderr)
        return 1
    return 0


def print_lines(stream):
    out = sys.stdout.buffer
    rest = b""
    while chunk := stream.recv(4096):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            line = line.removesuffix(b"\r")
            check_length(line)
            out.write(line + b"\n")
        out.flush()
        # A `\r` at its end may be the beginning of the ending.
        check_length(rest.removesuffix(b"\r"))
    if rest:
        raise ValueError("the last line was cut off")


def check_length(line):
    if len(line) > LONGEST_LINE:
        raise ValueError(f"a line is longer than {LONGEST_LINE} bytes")


sys.exit(main())
