//! The floor: one thread that only broadcasts.
//!
//! It reads all that is there, and then writes it to everybody else, as much as possible
//! in one call. It looks for the end of lines, so that those of two senders do not mix,
//! and at nothing else: no limits, no text, nobody dropped.

use std::{
    io::{self, Read, Write},
    ops::Range,
};

use anyhow::Result;
use memchr::memrchr;
use mio::{
    Events, Interest, Poll, Token,
    net::{TcpListener, TcpStream},
};

use super::Args;

const LISTENER: Token = Token(usize::MAX);
const CHUNK: usize = 64 << 10;

/// Serves until it is ended; it has nothing to do at its end.
pub(crate) fn serve(args: &Args) -> Result<()> {
    Floor::bind(args)?.run()
}

struct Floor {
    poll: Poll,
    listener: TcpListener,
    /// By their tokens; the places of those who have left stay empty.
    clients: Vec<Option<Client>>,
    /// What was read since the last broadcast.
    read: Vec<u8>,
    /// Who said which part of it.
    said: Vec<(usize, Range<usize>)>,
}

struct Client {
    stream: TcpStream,
    /// The beginning of a line.
    unfinished: Vec<u8>,
    /// What the kernel would not take yet.
    unwritten: Vec<u8>,
}

impl Floor {
    fn bind(args: &Args) -> Result<Self> {
        let poll = Poll::new()?;
        let mut listener = TcpListener::bind(args.address)?;
        println!("Listening on {}", listener.local_addr()?);
        poll.registry()
            .register(&mut listener, LISTENER, Interest::READABLE)?;
        Ok(Self {
            poll,
            listener,
            clients: Vec::new(),
            read: Vec::new(),
            said: Vec::new(),
        })
    }

    fn run(mut self) -> Result<()> {
        let mut events = Events::with_capacity(1024);
        let mut chunk = vec![0; CHUNK];
        loop {
            match self.poll.poll(&mut events, None) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                result => result?,
            }
            for event in &events {
                match event.token() {
                    LISTENER => self.accept()?,
                    Token(client) => {
                        if event.is_writable() {
                            self.write(client, &[]);
                        }
                        if event.is_readable() {
                            self.read(client, &mut chunk);
                        }
                    }
                }
            }
            self.broadcast();
        }
    }

    fn accept(&mut self) -> Result<()> {
        loop {
            let mut stream = match self.listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            stream.set_nodelay(true)?;
            let client = self.clients.len();
            let interest = Interest::READABLE | Interest::WRITABLE;
            self.poll
                .registry()
                .register(&mut stream, Token(client), interest)?;
            self.clients.push(Some(Client {
                stream,
                unfinished: Vec::new(),
                unwritten: Vec::new(),
            }));
            self.write(client, b"welcome\n");
        }
    }

    /// Reads whole lines of a client, until there is nothing more.
    fn read(&mut self, place: usize, chunk: &mut [u8]) {
        while let Some(client) = &mut self.clients[place] {
            let length = match client.stream.read(chunk) {
                Ok(length @ 1..) => length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Ok(0) | Err(_) => {
                    self.clients[place] = None;
                    return;
                }
            };
            let (lines, rest) = match memrchr(b'\n', &chunk[..length]) {
                Some(end) => chunk[..length].split_at(end + 1),
                None => (&[][..], &chunk[..length]),
            };
            if !lines.is_empty() {
                let begin = self.read.len();
                self.read.append(&mut client.unfinished);
                self.read.extend_from_slice(lines);
                self.said.push((place, begin..self.read.len()));
            }
            client.unfinished.extend_from_slice(rest);
            // A stream that gives less than was asked for has no more.
            if length < chunk.len() {
                return;
            }
        }
    }

    /// Tells everybody what the others have said.
    fn broadcast(&mut self) {
        let (read, said) = (
            std::mem::take(&mut self.read),
            std::mem::take(&mut self.said),
        );
        for place in 0..self.clients.len() {
            if said.iter().all(|(from, _)| *from != place) {
                if !read.is_empty() {
                    self.write(place, &read);
                }
                continue;
            }
            let others = said.iter().filter(|(from, _)| *from != place);
            let lines: Vec<u8> = others
                .flat_map(|(_, range)| &read[range.clone()])
                .copied()
                .collect();
            self.write(place, &lines);
        }
        (self.read, self.said) = (read, said);
        self.read.clear();
        self.said.clear();
    }

    /// Writes what a client has still to get, and then `bytes`.
    fn write(&mut self, place: usize, bytes: &[u8]) {
        let Some(client) = &mut self.clients[place] else {
            return;
        };
        if !client.unwritten.is_empty() {
            client.unwritten.extend_from_slice(bytes);
            let unwritten = std::mem::take(&mut client.unwritten);
            client.put(&unwritten);
        } else if !bytes.is_empty() {
            client.put(bytes);
        }
    }
}

impl Client {
    /// Writes what the kernel takes, and keeps the rest. A client that has left will be
    /// seen when it is read.
    fn put(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match self.stream.write(bytes) {
                Ok(length) => bytes = &bytes[length..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.unwritten.extend_from_slice(bytes);
                    return;
                }
                Err(_) => return,
            }
        }
    }
}
