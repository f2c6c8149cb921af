#!/usr/bin/env python3
"""A connection whose sequence numbers wrap around, on both sides: a socket that is under
repair (TCP_REPAIR, Linux) may be told where to begin."""

import socket
import struct

TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ = 19, 20, 21
SEND_QUEUE = 2


def begins_at(number):
    """A socket whose SYN will have this sequence number."""
    sock = socket.socket()
    sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
    sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR_QUEUE, SEND_QUEUE)
    sock.setsockopt(socket.IPPROTO_TCP, TCP_QUEUE_SEQ, struct.pack("I", number))
    sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 0)
    return sock


listener = socket.create_server(("127.0.0.1", 0))
for before in (1, 10, 20):
    client = begins_at(2**32 - before)
    client.connect(listener.getsockname())
    server, _ = listener.accept()
    for _ in range(3):
        client.sendall(b"wrap ar")
        server.recv(7, socket.MSG_WAITALL)
        server.sendall(b"ound")
        client.recv(4, socket.MSG_WAITALL)
    client.close()
    server.recv(1)
    server.close()
