// A chat server in Node that gathers what was said in one turn of its event loop, and
// then writes it to everybody else at once.
//
// It keeps to the contract of the challenge `chat`. To run it by hand:
//
//     node gathering.mjs 127.0.0.1:7000

import { serve } from './chat.mjs';

// What was said in this turn: who, which lines, how many.
let said = [];

serve((sender, lines, clients) => {
  if (said.length === 0) setImmediate(broadcast, clients);
  const bytes = lines.length === 1 ? lines[0] : Buffer.concat(lines);
  said.push({ sender, bytes, count: lines.length });
});

function broadcast(clients) {
  const senders = new Set(said.map(({ sender }) => sender));
  const all = together(said);
  for (const client of clients) {
    const { bytes, count } = senders.has(client)
      ? together(said.filter(({ sender }) => sender !== client))
      : all;
    if (count > 0) client.send(bytes, count);
  }
  said = [];
}

function together(parts) {
  return {
    bytes: parts.length === 1 ? parts[0].bytes : Buffer.concat(parts.map(({ bytes }) => bytes)),
    count: parts.reduce((sum, { count }) => sum + count, 0),
  };
}
