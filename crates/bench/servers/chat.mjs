// What both chat servers in Node have in common: all of the contract but the broadcast.

import { createServer } from 'node:net';
import { isUtf8 } from 'node:buffer';

const LONGEST_LINE = 8 * 1024;
// A client that is further behind is disconnected: between 256 and 4,096 lines.
const MOST_LINES_BEHIND = 2048;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

// Listens on the address that the command line names. `broadcast(sender, lines, clients)`
// is called with what a client has said: whole lines, each with its ending.
export function serve(broadcast) {
  const clients = new Set();

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const client = new Client(socket);
    clients.add(client);
    client.send(Buffer.from('welcome\n'), 0);
    socket.on('data', (chunk) => {
      const lines = client.lines(chunk);
      if (lines.length > 0) broadcast(client, lines, clients);
    });
    socket.on('end', () => {
      clients.delete(client);
      socket.end();
    });
    socket.on('error', () => {}); // It is over, and `close` follows.
    socket.on('close', () => clients.delete(client));
  });

  const address = process.argv[2] ?? '127.0.0.1:0';
  const colon = address.lastIndexOf(':');
  server.on('error', (error) => {
    console.error(`${address}: ${error.message}`);
    process.exit(1);
  });
  server.listen(Number(address.slice(colon + 1)), address.slice(0, colon), () => {
    console.log(`Listening on 127.0.0.1:${server.address().port}`);
  });

  const stop = () => {
    server.close();
    for (const { socket } of clients) socket.end();
    // Whoever does not read does not keep us here.
    setTimeout(() => process.exit(0), 1000).unref();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

class Client {
  constructor(socket) {
    this.socket = socket;
    this.unfinished = null;
    this.behind = 0;
  }

  // Writes some lines, unless the client is too far behind: then it is disconnected.
  send(bytes, count) {
    if (this.socket.destroyed || this.socket.writableEnded) return;
    if (this.socket.write(bytes)) return;
    // Not all of it has left. Lines are counted until all have.
    if (this.behind === 0) this.socket.once('drain', () => { this.behind = 0; });
    this.behind += count;
    if (this.behind > MOST_LINES_BEHIND) this.socket.destroy();
  }

  // The whole lines that end in this chunk, each with `\n` as its ending.
  lines(chunk) {
    const text = this.unfinished ? Buffer.concat([this.unfinished, chunk]) : chunk;
    const lines = [];
    let begin = 0;
    for (let end; (end = text.indexOf(NEWLINE, begin)) >= 0; begin = end + 1) {
      const line = withoutReturn(text, begin, end);
      if (line.length - 1 > LONGEST_LINE) return this.refuse(lines);
      if (isUtf8(line)) lines.push(line);
      else this.send(Buffer.from('error: not UTF-8\n'), 0);
    }
    this.unfinished = begin < text.length ? text.subarray(begin) : null;
    // One byte more, for a `\r` that may belong to the ending.
    if (text.length - begin > LONGEST_LINE + 1) return this.refuse(lines);
    return lines;
  }

  // The line is too long: the client is told, and has to go.
  refuse(lines) {
    this.socket.pause();
    this.socket.end('error: line too long\n', () => this.socket.destroy());
    return lines;
  }
}

function withoutReturn(text, begin, end) {
  if (end === begin || text[end - 1] !== RETURN) return text.subarray(begin, end + 1);
  const line = Buffer.from(text.subarray(begin, end));
  line[line.length - 1] = NEWLINE;
  return line;
}
