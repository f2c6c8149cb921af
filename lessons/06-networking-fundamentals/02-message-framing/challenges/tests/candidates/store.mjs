// store ADDR, in JavaScript: a server that keeps contents under names.

import net from "node:net";

const LONGEST_LINE = 256;
const LONGEST_CONTENT = 65_536;
const LINE_FEED = 10;

const contents = new Map();

class Client {
  constructor(socket) {
    this.socket = socket;
    this.unread = Buffer.alloc(0);
    this.skipping = false;
    socket.setNoDelay(true);
    socket.on("data", (piece) => this.hears(piece));
    socket.on("end", () => socket.end());
    // Answers that nobody reads shall not fill the memory.
    socket.on("drain", () => socket.resume());
    socket.on("error", () => socket.destroy());
  }

  hears(piece) {
    this.unread = Buffer.concat([this.unread, piece]);
    while (!this.socket.writableEnded && this.answersOne());
  }

  says(...parts) {
    if (!this.socket.write(Buffer.concat(parts.map((part) => Buffer.from(part))))) {
      this.socket.pause();
    }
  }

  dismissed(error) {
    this.socket.end(`error: ${error}\n`);
    return false;
  }

  takes(length) {
    const taken = this.unread.subarray(0, length);
    this.unread = this.unread.subarray(length);
    return taken;
  }

  /** Answers one request. False where none is whole. */
  answersOne() {
    const end = this.unread.indexOf(LINE_FEED);
    if (this.skipping) {
      this.takes(end < 0 ? this.unread.length : end + 1);
      this.skipping = end < 0;
      return !this.skipping;
    }
    const begun = this.unread.toString("latin1", 0, LONGEST_LINE + 1);
    const line = begun.split("\n")[0];
    if (line.length > LONGEST_LINE) {
      if (line.startsWith("set ")) return this.dismissed("bad set");
      this.says("error: line too long\n");
      this.skipping = true;
      return true;
    }
    if (end < 0) return false;
    if (line.startsWith("set ")) return this.answersSet(line, end);
    this.takes(end + 1);
    const get = /^get ([!-~]{1,64})$/.exec(line);
    if (!get) {
      this.says("error: bad request\n");
    } else if (contents.has(get[1])) {
      const content = contents.get(get[1]);
      this.says(`value ${content.length}\n`, content, "\n");
    } else {
      this.says("none\n");
    }
    return true;
  }

  answersSet(line, end) {
    const set = /^set ([!-~]{1,64}) (0|[1-9][0-9]*)$/.exec(line);
    if (!set || Number(set[2]) > LONGEST_CONTENT) return this.dismissed("bad set");
    const length = Number(set[2]);
    const ending = this.unread[end + 1 + length];
    if (ending === undefined) return false;
    if (ending !== LINE_FEED) return this.dismissed("bad content");
    this.takes(end + 1);
    contents.set(set[1], Buffer.from(this.takes(length)));
    this.takes(1);
    this.says("stored\n");
    return true;
  }
}

const [host, port] = process.argv[2].split(":");
const server = net.createServer({ allowHalfOpen: true }, (socket) => new Client(socket));
server.listen(Number(port), host, () => {
  const { address, port } = server.address();
  console.log(`Listening on ${address}:${port}`);
});
