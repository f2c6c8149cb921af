"""The chat server in Python, with nothing but its standard library.

It meets the contract of the challenge, and shows that the judge does not care about the
language: cargo xtask verify tcp-basics chat --command "python3 chat.py"
"""

import asyncio
import signal
import sys

LONGEST_LINE = 8 * 1024
MOST_BEHIND = 1024
LINGER = 1.0


class Client:
    """One client: its reader puts lines into the others' queues, its writer empties its own."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.queue = []
        self.news = asyncio.Event()
        self.closed = False

    def tell(self, line):
        if self.closed:
            return
        if len(self.queue) >= MOST_BEHIND:
            # Too far behind: nothing more is kept for it.
            self.closed = True
            self.queue.clear()
            self.writer.transport.abort()
            return
        self.queue.append(line)
        self.news.set()

    def close(self):
        self.closed = True
        self.news.set()

    async def write(self):
        while True:
            await self.news.wait()
            self.news.clear()
            lines, self.queue = self.queue, []
            if lines:
                self.writer.write(b"".join(lines))
                await self.writer.drain()
            elif self.closed:
                break
        self.writer.close()
        await self.writer.wait_closed()


class Room:
    def __init__(self):
        self.clients = set()
        self.tasks = set()

    def say(self, sender, line):
        for client in list(self.clients):
            if client is not sender:
                client.tell(line)

    async def read(self, client):
        unread = b""
        while chunk := await client.reader.read(64 * 1024):
            *lines, unread = (unread + chunk).split(b"\n")
            for line in lines:
                if not self.take(client, line):
                    return
            if len(unread.removesuffix(b"\r")) > LONGEST_LINE:
                client.tell(b"error: line too long\n")
                return
            # Nobody else has had a turn since the read: let them write.
            await asyncio.sleep(0)

    def take(self, client, line):
        """Takes one line; False where it is the client's last."""
        text = line.removesuffix(b"\r")
        if len(text) > LONGEST_LINE:
            client.tell(b"error: line too long\n")
            return False
        try:
            text.decode("utf-8")
        except UnicodeDecodeError:
            client.tell(b"error: not UTF-8\n")
            return True
        self.say(client, text + b"\n")
        return True

    async def serve(self, reader, writer):
        self.tasks.add(asyncio.current_task())
        # What is written stays in our own queue until the system takes it.
        writer.transport.set_write_buffer_limits(high=0)
        client = Client(reader, writer)
        client.tell(b"welcome\n")
        self.clients.add(client)
        writing = asyncio.create_task(client.write())
        reading = asyncio.create_task(self.read(client))
        await asyncio.wait([reading, writing], return_when=asyncio.FIRST_COMPLETED)
        self.clients.discard(client)
        client.close()
        _, late = await asyncio.wait([writing], timeout=LINGER)
        for task in [reading, *late]:
            task.cancel()
        # A failure of this connection concerns nobody else.
        await asyncio.gather(reading, writing, return_exceptions=True)
        if late:
            writer.transport.abort()
        self.tasks.discard(asyncio.current_task())


async def main(addr):
    host, port = addr.rsplit(":", 1)
    room = Room()
    try:
        server = await asyncio.start_server(room.serve, host, int(port), limit=64 * 1024)
    except OSError as error:
        print(f"chat: {addr}: {error.strerror}", file=sys.stderr)
        return 1
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    print(f"Listening on {host}:{server.sockets[0].getsockname()[1]}", flush=True)
    await ending.wait()
    server.close()
    for client in list(room.clients):
        client.close()
    if room.tasks:
        await asyncio.wait(room.tasks, timeout=LINGER)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1])))
