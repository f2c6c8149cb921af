//! A chat server: what one client says, all others hear.
//!
//! ```text
//! chat 127.0.0.1:7000
//! ```
//!
//! Start it, connect from two other terminals with `nc 127.0.0.1 7000`, and type.
//! Ctrl-C ends the server.
//!
//! Each client has a reader and a writer. The reader cuts what arrives into lines and
//! queues them for everybody else; it never waits for another client. The writer waits
//! for its own client only, and writes all that is queued at once: under load many
//! lines leave in one write.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{env, io, pin::pin, process::ExitCode, time::Duration};

use tokio::io::AsyncWriteExt;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};
use tokio::{select, task::yield_now};
use tokio_util::task::TaskTracker;

/// The longest line, in bytes, without its ending.
const LONGEST_LINE: usize = 8 * 1024;
/// How many lines at most are queued as one.
const BATCH: usize = 8;
/// How many batches a client's queue holds. The policy for slow readers: one whose queue
/// is full is disconnected. To wait for it would slow all others, and to keep more for
/// it would cost memory without end. A batch may be a single line, so nobody is
/// disconnected for being 256 lines behind; and as the writer holds as many batches
/// again, nobody is ever more than 4,096 lines behind.
const QUEUE: usize = 256;
/// After so many lines a reader lets the writers have a turn.
const TURN: usize = QUEUE / 2;
/// How many bytes are read at once.
const CHUNK: usize = 16 * 1024;
/// How long a client has to take what is still queued for it when it leaves.
const LINGER: Duration = Duration::from_secs(1);

// One thread is enough: what takes time is the system's work on the sockets, and tasks
// on one thread wake each other for almost nothing.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(addr) = env::args_os().nth(1) else {
        eprintln!("usage: chat ADDR, where ADDR is as in 127.0.0.1:7000");
        return ExitCode::from(2);
    };
    let addr = addr.to_string_lossy();
    match run(&addr).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("chat: {addr}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(addr: &str) -> io::Result<()> {
    let mut shutdown = pin!(shutdown()?);
    let listener = TcpListener::bind(addr).await?;
    println!("Listening on {}", listener.local_addr()?);

    let room = Arc::new(Room::default());
    let clients = TaskTracker::new();
    loop {
        select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    clients.spawn(serve(stream, Room::join(&room)));
                }
                // Most likely too many files are open, until somebody leaves.
                Err(error) => {
                    eprintln!("chat: cannot accept: {error}");
                    sleep(Duration::from_millis(100)).await;
                }
            },
            () = &mut shutdown => break,
        }
    }
    drop(listener);
    room.members().clear();
    clients.close();
    clients.wait().await;
    Ok(())
}

/// Is over once the server is asked to end: by Ctrl-C, or by `kill`.
#[cfg(unix)]
fn shutdown() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        select! { _ = interrupt.recv() => {} _ = terminate.recv() => {} }
    })
}

#[cfg(windows)]
fn shutdown() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move { interrupt.recv().await.unwrap_or_default() })
}

/// Serves one client for as long as it stays in the room. An error of its connection is
/// its leaving, and concerns nobody else.
async fn serve(stream: TcpStream, (place, queue, dismissal): (Place, Queue, Dismissal)) {
    // Where this fails the connection is lost, and the reader will see it. What is
    // written at once shall leave at once.
    let _ = stream.set_nodelay(true);
    let (reader, writer) = stream.into_split();
    let mut writing = pin!(write(writer, queue));
    let is_written = select! {
        () = read(&reader, &place) => false,
        _ = dismissal => false,
        _ = &mut writing => true,
    };
    drop(place);
    if !is_written {
        let _ = timeout(LINGER, writing).await;
    }
    discard_input(&reader);
}

/// Reads lines and passes them on, until the client has no more to say.
async fn read(stream: &OwnedReadHalf, place: &Place) {
    let mut unread = Vec::new();
    let mut batch = String::new();
    // Space is made once there is something to read: an idle client takes none.
    while stream.readable().await.is_ok() {
        unread.reserve(CHUNK);
        match stream.try_read_buf(&mut unread) {
            Ok(1..) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Ok(0) | Err(_) => return,
        }
        let mut read = 0;
        for (n, piece) in (1..).zip(unread.split_inclusive(|&byte| byte == b'\n')) {
            match parse(piece) {
                Ok(text) => batch.extend([text, "\n"]),
                Err(Refused::Unfinished) => break,
                Err(Refused::NotUtf8) => place.tell("error: not UTF-8\n"),
                Err(Refused::TooLong) => {
                    place.say(&mut batch);
                    return place.tell("error: line too long\n");
                }
            }
            read += piece.len();
            if n % BATCH == 0 {
                place.say(&mut batch);
            }
            if n % TURN == 0 {
                yield_now().await;
            }
        }
        place.say(&mut batch);
        unread.drain(..read);
        unread.shrink_to_fit();
    }
}

/// Why a piece of input is no message.
enum Refused {
    Unfinished,
    TooLong,
    NotUtf8,
}

/// The text of a line, without its ending.
fn parse(piece: &[u8]) -> Result<&str, Refused> {
    let line = piece.strip_suffix(b"\n");
    let text = line.unwrap_or(piece);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    if text.len() > LONGEST_LINE {
        return Err(Refused::TooLong);
    }
    line.ok_or(Refused::Unfinished)?;
    std::str::from_utf8(text).map_err(|_| Refused::NotUtf8)
}

/// Writes what is queued, until nothing more will be.
async fn write(mut stream: OwnedWriteHalf, mut queue: Queue) -> io::Result<()> {
    let mut batches = Vec::new();
    while queue.recv_many(&mut batches, QUEUE).await > 0 {
        stream.write_all(&batches.concat()).await?;
        batches = Vec::new();
    }
    stream.shutdown().await
}

/// Closing a socket that has unread input resets the connection, and the client might
/// not see the end of its stream. One that goes on sending does not keep us here.
fn discard_input(stream: &OwnedReadHalf) {
    let mut unread = [0; 4096];
    for _ in 0..64 {
        if !matches!(stream.try_read(&mut unread), Ok(1..)) {
            return;
        }
    }
}

type Lines = Arc<[u8]>;
type Queue = mpsc::Receiver<Lines>;
type Dismissal = oneshot::Receiver<()>;

/// Everybody who is there. Who is removed is dismissed, whatever the reason.
#[derive(Default)]
struct Room {
    members: Mutex<HashMap<u64, Member>>,
    ids: AtomicU64,
}

struct Member {
    queue: mpsc::Sender<Lines>,
    /// Dismisses the client when it is dropped.
    _dismiss: oneshot::Sender<()>,
}

/// A client's place in the room, for as long as it lasts.
struct Place {
    room: Arc<Room>,
    id: u64,
}

impl Room {
    /// A new member. The first thing that it hears is that it is welcome.
    fn join(room: &Arc<Self>) -> (Place, Queue, Dismissal) {
        let (queue, queued) = mpsc::channel(QUEUE);
        let (dismiss, dismissal) = oneshot::channel();
        let id = room.ids.fetch_add(1, Ordering::Relaxed);
        room.members().insert(
            id,
            Member {
                queue,
                _dismiss: dismiss,
            },
        );
        let place = Place {
            room: Arc::clone(room),
            id,
        };
        place.tell("welcome\n");
        (place, queued, dismissal)
    }

    /// Queues lines for some members, and removes those who are too far behind.
    fn queue(&self, lines: &str, is_for: impl Fn(u64) -> bool) {
        let lines: Lines = lines.as_bytes().into();
        self.members()
            .retain(|id, member| !is_for(*id) || member.queue.try_send(Arc::clone(&lines)).is_ok());
    }

    /// What is locked is whole at any time, also where somebody panicked meanwhile.
    fn members(&self) -> MutexGuard<'_, HashMap<u64, Member>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Says lines to all others.
    fn say(&self, lines: &mut String) {
        if !lines.is_empty() {
            self.room.queue(lines, |id| id != self.id);
            lines.clear();
        }
    }

    /// Tells the client itself something.
    fn tell(&self, line: &str) {
        self.room.queue(line, |id| id == self.id);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.members().remove(&self.id);
    }
}
