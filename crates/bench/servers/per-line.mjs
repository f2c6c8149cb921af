// A chat server in Node that writes each line as it comes, to everybody else.
//
// It keeps to the contract of the challenge `chat`. To run it by hand:
//
//     node per-line.mjs 127.0.0.1:7000

import { serve } from './chat.mjs';

serve((sender, lines, clients) => {
  for (const line of lines) {
    for (const client of clients) {
      if (client !== sender) client.send(line, 1);
    }
  }
});
