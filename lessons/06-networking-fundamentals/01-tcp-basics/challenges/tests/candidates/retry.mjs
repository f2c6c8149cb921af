// Connects, and where that is refused tries again with exponential backoff and full jitter.
//
// It meets the contract of the challenge in JavaScript, and shows that the judge does not
// care about the language: cargo xtask verify tcp-basics retry --command "node retry.mjs"

import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const ATTEMPTS = 8;
const KINDS = {
  EACCES: "PermissionDenied",
  EADDRNOTAVAIL: "AddrNotAvailable",
  ECONNREFUSED: "ConnectionRefused",
  EHOSTUNREACH: "HostUnreachable",
  ENETUNREACH: "NetworkUnreachable",
  ETIMEDOUT: "TimedOut",
};

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function open(host, port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => resolve(socket));
    socket.once("error", reject);
  });
}

async function connectWithRetries(host, port, next) {
  for (let attempt = 1; ; attempt++) {
    try {
      const socket = await open(host, port);
      console.log(`attempt ${attempt}: connected`);
      return socket;
    } catch (error) {
      console.log(`attempt ${attempt}: ${KINDS[error.code] ?? "Other"}`);
      if (error.code !== "ECONNREFUSED" || attempt === ATTEMPTS) throw error;
    }
    const cap = Math.min(400, 50 * 2 ** (attempt - 1));
    const wait = Math.floor(next() * (cap + 1));
    console.log(`waiting ${wait} ms`);
    await sleep(wait);
  }
}

async function answerTo(socket, question) {
  socket.write(question);
  let received = "";
  socket.setEncoding("utf8");
  for await (const text of socket) {
    received += text;
    const end = received.indexOf("\n");
    if (end >= 0) return received.slice(0, end);
  }
  throw new Error("closed without an answer");
}

const args = process.argv.slice(2);
const seed = args[0] === "--seed" ? Number(args.splice(0, 2)[1]) : Math.random() * 2 ** 32;
const [, host, port] = /^(\d+\.\d+\.\d+\.\d+):(\d+)$/.exec(args[0]) ?? [];
if (host === undefined || Number(port) > 65535) {
  console.error(`retry: ${args[0]} is no address`);
  process.exit(2);
}
try {
  const socket = await connectWithRetries(host, Number(port), random(seed));
  console.log(await answerTo(socket, "hello\n"));
  process.exit(0);
} catch (error) {
  console.error(`retry: ${error.message}`);
  process.exit(1);
}
