"""{{challenge}} ADDR, in Python: connects, says hello, and prints the answer."""

import socket
import sys


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    with socket.create_connection((host, int(port))) as stream:
        stream.sendall(b"hello\n")
        answer = stream.makefile("r", encoding="utf-8").readline()
    if not answer:
        sys.exit("{{challenge}}.py: the server has closed, without an answer")
    print(answer.rstrip("\n"))


main()
