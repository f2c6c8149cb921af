//! The load: clients over the loopback who talk and listen.
//!
//! Every client holds all that it hears against what was sent: each line of each other
//! sender once, and in order. A sender writes each line by itself, as people who type
//! do, and never has more lines on the way than his share of those that may be
//! outstanding. A line is outstanding until all others have heard it.
//!
//! All clients live in one thread, so that the load leaves a core to the server, and
//! nothing is shared but by `Cell`s.

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use hdrhistogram::Histogram;
use socket2::SockRef;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpSocket, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::Notify,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::line::{self, Checker};

/// How long anything may take that is due now.
const PATIENCE: Duration = Duration::from_secs(20);
/// How much is read at once.
const CHUNK: usize = 256 << 10;
/// So many lines fill what the system keeps for a narrow client, and more than the 4,096
/// after which the contract wants it disconnected.
const FAR_BEHIND: u64 = 10_000;

/// Who talks, and how much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// The first of the clients are senders.
    pub(super) senders: usize,
    /// How many lines may be on the way, of all senders together.
    pub(super) outstanding: usize,
    /// How long they talk before anything is measured.
    pub(super) warm_up: Duration,
    /// How long is measured.
    pub(super) time: Duration,
    /// Whether somebody comes as it begins who never reads.
    pub(super) has_stalled: bool,
}

/// What came of it, while it was measured.
#[derive(Clone, Debug)]
pub(super) struct Figures {
    /// How many lines were heard, by all listeners together.
    pub(super) deliveries: u64,
    /// How long that took.
    pub(super) wall: Duration,
    /// The time that the server spent on a processor meanwhile.
    pub(super) cpu: Duration,
    /// From writing a line to hearing it, in nanoseconds.
    pub(super) latency: Histogram<u64>,
    /// Whether the server has disconnected him who never reads.
    pub(super) stalled_is_out: bool,
}

/// Connects a client, and waits for its welcome: from then on it hears everything.
pub(super) async fn connect(address: SocketAddr) -> Result<TcpStream> {
    welcomed(TcpStream::connect(address)).await
}

/// Connects a client for whom the system keeps as little as it can, on either side: if
/// it does not read, what is meant for it stays with the server.
async fn connect_narrow(address: SocketAddr) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4096)?;
    SockRef::from(&socket).set_tcp_mss(536)?;
    welcomed(socket.connect(address)).await
}

async fn welcomed(connect: impl Future<Output = std::io::Result<TcpStream>>) -> Result<TcpStream> {
    let welcome = async {
        let mut stream = connect.await?;
        stream.set_nodelay(true)?;
        let mut welcome = [0; 8];
        stream.read_exact(&mut welcome).await?;
        ensure!(&welcome == b"welcome\n", "the server does not say welcome");
        Ok(stream)
    };
    let result = timeout(PATIENCE, welcome).await;
    result.context("the server does not welcome a client")?
}

/// Lets the clients of the server at `address` talk as planned, and measures; `cpu` tells
/// the time that the server has spent on a processor so far. Then all that was sent has
/// to arrive.
///
/// # Errors
///
/// Where something is lost, comes twice, out of order or to the wrong one, or where a
/// client is disconnected.
pub(super) async fn talk(
    clients: Vec<TcpStream>,
    plan: Plan,
    address: SocketAddr,
    cpu: impl Fn() -> Result<Duration>,
) -> Result<Figures> {
    let talk = Rc::new(Talk::new(clients.len(), plan)?);
    let mut tasks = JoinSet::new();
    for (client, stream) in clients.into_iter().enumerate() {
        let (reader, writer) = stream.into_split();
        tasks.spawn_local(listen(reader, client, Rc::clone(&talk)));
        if client < plan.senders {
            tasks.spawn_local(speak(writer, client, Rc::clone(&talk)));
        } else {
            // Dropped, it would say that this client has left.
            tasks.spawn_local(async move {
                std::future::pending::<()>().await;
                drop(writer);
                Ok(())
            });
        }
    }

    let whole = async {
        sleep(plan.warm_up).await;
        let stalled = if plan.has_stalled {
            Some(connect_narrow(address).await?)
        } else {
            None
        };
        let (deliveries, began, before) = (talk.deliveries.get(), Instant::now(), cpu()?);
        talk.is_measured.set(true);
        sleep(plan.time).await;
        let mut figures = Figures {
            deliveries: talk.deliveries.get() - deliveries,
            wall: began.elapsed(),
            cpu: cpu()?.saturating_sub(before),
            latency: talk.latency.borrow().clone(),
            stalled_is_out: false,
        };
        talk.is_measured.set(false);
        if plan.has_stalled {
            talk.falls_behind().await;
        }
        talk.end();
        if timeout(PATIENCE, talk.all_is_heard()).await.is_err() {
            bail!("lines were lost: {}", talk.unheard());
        }
        if let Some(stalled) = stalled {
            figures.stalled_is_out = is_disconnected(&stalled).await;
        }
        Ok(figures)
    };
    let fault = async {
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        bail!("all clients have left")
    };
    tokio::select! {
        figures = whole => figures,
        fault = fault => fault,
    }
}

/// Whether a client that has not read finds the end of its stream, or a reset, behind
/// what is still there for it. Nobody says anything more.
async fn is_disconnected(stream: &TcpStream) -> bool {
    const TIME: Duration = Duration::from_millis(500);
    let mut chunk = vec![0; CHUNK];
    while timeout(TIME, stream.readable()).await.is_ok() {
        match stream.try_read(&mut chunk) {
            Ok(1..) => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Ok(0) | Err(_) => return true,
        }
    }
    false
}

/// What the clients know of each other.
#[derive(Debug)]
struct Talk {
    speakers: Vec<Speaker>,
    /// Woken when a speaker was heard by everyone.
    progress: Notify,
    is_over: Cell<bool>,
    is_measured: Cell<bool>,
    deliveries: Cell<u64>,
    latency: RefCell<Histogram<u64>>,
    /// What is read goes through here, of one client at a time.
    chunk: RefCell<Vec<u8>>,
}

/// One sender, as the others hear him.
#[derive(Debug)]
struct Speaker {
    sent: Cell<u64>,
    /// When the lines were written that are on the way, by their numbers, again and
    /// again from the start. There are as many as may be on the way.
    written: RefCell<Vec<Instant>>,
    /// How many of his lines everyone has heard.
    heard_by_all: Cell<u64>,
    /// How many of the others have heard no more than that.
    last_ones: Cell<usize>,
    /// How many lines each client has heard; none is waited for where he is himself.
    heard: Vec<Cell<u64>>,
    /// Woken when he may say more.
    credit: Notify,
}

impl Talk {
    fn new(clients: usize, plan: Plan) -> Result<Self> {
        ensure!(clients > 1, "nobody would listen");
        let speaker = |own: usize| Speaker {
            sent: Cell::new(0),
            written: RefCell::new(vec![Instant::now(); plan.outstanding / plan.senders]),
            heard_by_all: Cell::new(0),
            last_ones: Cell::new(clients - 1),
            heard: (0..clients)
                .map(|client| Cell::new(if client == own { u64::MAX } else { 0 }))
                .collect(),
            credit: Notify::new(),
        };
        Ok(Self {
            speakers: (0..plan.senders).map(speaker).collect(),
            progress: Notify::new(),
            is_over: Cell::new(false),
            is_measured: Cell::new(false),
            deliveries: Cell::new(0),
            latency: RefCell::new(Histogram::new_with_bounds(1_000, 60_000_000_000, 3)?),
            chunk: RefCell::new(vec![0; CHUNK]),
        })
    }

    /// Nobody says anything more.
    fn end(&self) {
        self.is_over.set(true);
        for speaker in &self.speakers {
            speaker.credit.notify_one();
        }
    }

    /// Waits until somebody who hears nothing is behind by more than a server may bear,
    /// but not for ever: some are slow.
    async fn falls_behind(&self) {
        const TIME: Duration = Duration::from_secs(3);
        let until = self.said() + FAR_BEHIND;
        let _ = timeout(TIME, async {
            while self.said() < until {
                self.progress.notified().await;
            }
        })
        .await;
    }

    fn said(&self) -> u64 {
        self.speakers.iter().map(|speaker| speaker.sent.get()).sum()
    }

    async fn all_is_heard(&self) {
        while self.speakers.iter().any(|speaker| speaker.on_the_way() > 0) {
            self.progress.notified().await;
        }
    }

    fn unheard(&self) -> String {
        let speakers = self.speakers.iter().enumerate();
        let unheard: Vec<String> = speakers
            .map(|(sender, speaker)| {
                let (heard, sent) = (speaker.heard_by_all.get(), speaker.sent.get());
                format!("of sender {sender} everyone heard {heard} lines of {sent}")
            })
            .collect();
        unheard.join("; ")
    }

    /// Takes what a client has received.
    fn hear(&self, client: usize, checker: &mut Checker, bytes: &[u8]) -> Result<()> {
        let now = Instant::now();
        let mut lines = 0;
        let mut latency = self.latency.borrow_mut();
        checker.take(bytes, |sender, number| {
            lines += 1;
            if self.is_measured.get() {
                let took = now - self.speakers[sender].written(number);
                latency.saturating_record(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
            }
        })?;
        self.deliveries.update(|deliveries| deliveries + lines);
        for (sender, speaker) in self.speakers.iter().enumerate() {
            if sender != client && speaker.is_heard(client, checker.heard(sender)) {
                self.progress.notify_one();
            }
        }
        Ok(())
    }
}

impl Speaker {
    fn on_the_way(&self) -> u64 {
        self.sent.get() - self.heard_by_all.get()
    }

    /// When a line was written that is on the way.
    fn written(&self, number: u64) -> Instant {
        let written = self.written.borrow();
        written[place(number, written.len())]
    }

    /// The number of the next line, if he may say one more.
    fn next(&self) -> Option<u64> {
        let mut written = self.written.borrow_mut();
        if self.on_the_way() >= written.len() as u64 {
            return None;
        }
        let number = self.sent.replace(self.sent.get() + 1);
        let place = place(number, written.len());
        written[place] = Instant::now();
        Some(number)
    }

    /// A client has heard so many lines of his. True if everyone has now heard more.
    fn is_heard(&self, client: usize, heard: u64) -> bool {
        let before = self.heard[client].replace(heard);
        if heard == before || before > self.heard_by_all.get() {
            return false;
        }
        self.last_ones.update(|last_ones| last_ones - 1);
        if self.last_ones.get() > 0 {
            return false;
        }
        let heard = || self.heard.iter().map(Cell::get);
        let least = heard().min().unwrap_or(0);
        self.heard_by_all.set(least);
        self.last_ones
            .set(heard().filter(|&heard| heard == least).count());
        self.credit.notify_one();
        true
    }
}

fn place(number: u64, places: usize) -> usize {
    // Less than a usize.
    usize::try_from(number % places as u64).unwrap_or_default()
}

/// Hears what the others say, for as long as this is awaited.
async fn listen(stream: OwnedReadHalf, client: usize, talk: Rc<Talk>) -> Result<()> {
    let senders = talk.speakers.len();
    let mut checker = Checker::new(senders, (client < senders).then_some(client));
    loop {
        stream.readable().await?;
        let mut chunk = talk.chunk.borrow_mut();
        match stream.try_read(&mut chunk) {
            Ok(0) => bail!("the server has disconnected client {client}"),
            Ok(length) => talk.hear(client, &mut checker, &chunk[..length])?,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error).context("the server has lost a client"),
        }
    }
}

/// Says as much as may be on the way, each line by itself, until it is over.
async fn speak(mut stream: OwnedWriteHalf, sender: usize, talk: Rc<Talk>) -> Result<()> {
    let speaker = &talk.speakers[sender];
    while !talk.is_over.get() {
        match speaker.next() {
            Some(number) => {
                let line = line::line(sender, number);
                stream.write_all(line.as_bytes()).await?;
            }
            None => speaker.credit.notified().await,
        }
    }
    // Not yet: this client still listens.
    std::future::pending::<()>().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncBufReadExt, BufReader},
        net::TcpListener,
        task::{LocalSet, spawn_local},
    };

    use super::*;

    /// What a server delivers, given a line and its number.
    type Deliver = fn(usize, &str) -> Vec<String>;

    /// Lets one client talk to two, by way of a server that delivers as `deliver` says.
    async fn talk_by_way_of(deliver: Deliver, time: Duration) -> Result<Figures> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        spawn_local(serve(listener, deliver));
        let mut clients = Vec::new();
        for _ in 0..3 {
            clients.push(connect(address).await?);
        }
        let plan = Plan {
            senders: 1,
            outstanding: 16,
            warm_up: Duration::ZERO,
            time,
            has_stalled: false,
        };
        talk(clients, plan, address, || Ok(Duration::ZERO)).await
    }

    async fn serve(listener: TcpListener, deliver: Deliver) -> std::io::Result<()> {
        let mut clients = Vec::new();
        while clients.len() < 3 {
            let (mut client, _) = listener.accept().await?;
            client.write_all(b"welcome\n").await?;
            clients.push(client);
        }
        let mut lines = BufReader::new(clients.remove(0)).lines();
        for number in 0.. {
            let Some(line) = lines.next_line().await? else {
                break;
            };
            let delivered = deliver(number, &format!("{line}\n")).concat();
            for client in &mut clients {
                client.write_all(delivered.as_bytes()).await?;
            }
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_server_that_delivers_everything_is_measured() {
        let talk = talk_by_way_of(|_, line| vec![line.into()], Duration::from_millis(50));
        LocalSet::new().run_until(talk).await.unwrap();
    }

    #[tokio::test]
    async fn a_server_that_loses_doubles_reorders_or_invents_a_line_is_not_measured() {
        let faults: [(Deliver, &str); 4] = [
            (|n, line| vec![line.into(); usize::from(n != 20)], "lost"),
            (
                |n, line| vec![line.into(); 1 + usize::from(n == 20)],
                "doubled",
            ),
            (
                |n, line| match n {
                    20 => Vec::new(),
                    21 => vec![line.into(), line::line(0, 20)],
                    _ => vec![line.into()],
                },
                "out of order",
            ),
            (|_, line| vec![line.replace("fox", "cat")], "nobody sent"),
        ];
        for (deliver, expected) in faults {
            // It is over as soon as the fault is seen.
            let talk = talk_by_way_of(deliver, PATIENCE);
            let error = LocalSet::new().run_until(talk).await.unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}
