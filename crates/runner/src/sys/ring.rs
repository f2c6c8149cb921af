//! The parent's end of a tap: the ring in its memory, and what the kernel has counted.

use std::{
    ffi::c_int,
    io,
    mem::{self, ManuallyDrop},
    os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd},
    ptr, slice,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use tokio::io::{Interest, unix::AsyncFd};

use super::{
    protocol::Message,
    tap::{Geometry, Rights},
};

/// A tap's two sockets, as an init has opened them.
pub(crate) type Sockets = [OwnedFd; 2];

/// A packet in its frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    /// When the kernel saw it: nanoseconds since the Unix epoch.
    pub(crate) time: u64,
    /// Its bytes, as far as they are kept.
    pub(crate) bytes: &'a [u8],
    /// How many bytes it had.
    pub(crate) length: usize,
}

/// A tap's ring, mapped, and its counter.
///
/// Its socket is readable while there are packets in it.
pub(crate) struct Ring {
    open: ManuallyDrop<Open>,
    geometry: Geometry,
    /// The frame that the kernel fills next, or has filled first.
    next: u32,
    counted: Counted,
}

/// What the kernel has counted.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    sent: u64,
    lost: u64,
    received: u64,
}

impl Ring {
    /// Maps the ring.
    ///
    /// # Errors
    ///
    /// Those of mmap(2).
    pub(crate) fn map([ring, counter]: Sockets, geometry: Geometry) -> io::Result<Self> {
        let length = geometry.block as usize * geometry.blocks as usize;
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let fd = ring.as_raw_fd();
        // SAFETY: a new mapping, where the kernel likes.
        let memory =
            unsafe { libc::mmap(ptr::null_mut(), length, access, libc::MAP_SHARED, fd, 0) };
        if memory == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(Self {
            open: ManuallyDrop::new(Open {
                memory: memory.cast(),
                length,
                ring,
                counter,
            }),
            geometry,
            next: 0,
            counted: Counted::default(),
        })
    }

    /// Lets the runtime tell when there are packets in the ring.
    ///
    /// # Errors
    ///
    /// Those of the runtime.
    pub(crate) fn watch(self) -> io::Result<AsyncFd<Self>> {
        // SAFETY: the ring owns its socket, and keeps it open as long as it lives.
        Ok(unsafe { AsyncFd::register_with_interest(self, Interest::READABLE) }?)
    }

    /// Shows the next packet to `see`, and gives its frame back; false if there is none.
    pub(crate) fn next(&mut self, see: impl FnOnce(Frame<'_>)) -> bool {
        let frame = self.frame(self.next);
        // SAFETY: a frame begins with its header, aligned to 16 bytes, and that with its
        // status, which says whose the frame is.
        let status = unsafe { AtomicU32::from_ptr(frame.cast()) };
        if status.load(Ordering::Acquire) & USER == 0 {
            return false;
        }
        // SAFETY: the frame is ours now, and its header filled in.
        let header = unsafe { frame.cast::<libc::tpacket2_hdr>().read_unaligned() };
        let room = self.geometry.frame as usize;
        let begin = usize::from(header.tp_mac).min(room);
        let kept = (header.tp_snaplen as usize).min(room - begin);
        // SAFETY: these bytes are in the frame, which is ours until its status says
        // otherwise.
        let bytes = unsafe { slice::from_raw_parts(frame.add(begin), kept) };
        see(Frame {
            time: u64::from(header.tp_sec) * 1_000_000_000 + u64::from(header.tp_nsec),
            bytes,
            length: header.tp_len as usize,
        });
        status.store(KERNEL, Ordering::Release);
        self.next = (self.next + 1) % self.geometry.frames();
        true
    }

    fn frame(&self, number: u32) -> *mut u8 {
        let per_block = self.geometry.frames_in_block();
        let block = (number / per_block) as usize * self.geometry.block as usize;
        let at = block + (number % per_block) as usize * self.geometry.frame as usize;
        // SAFETY: every frame lies within the mapping.
        unsafe { self.open.memory.add(at) }
    }

    /// Whether nothing is under way: all that was sent has been received.
    pub(crate) fn is_quiet(&mut self) -> bool {
        // In this order: what is sent between the two counts is missing in the first.
        self.counted.received += count(&self.open.counter).0;
        let (sent, lost) = count(&self.open.ring);
        self.counted.sent += sent;
        self.counted.lost += lost;
        self.counted.received >= self.counted.sent
    }

    /// How many packets there was no room for, when it was last asked whether all is
    /// quiet.
    pub(crate) fn lost(&self) -> u64 {
        self.counted.lost
    }
}

/// Whose a frame is.
const KERNEL: u32 = libc::TP_STATUS_KERNEL;
const USER: u32 = libc::TP_STATUS_USER;

/// How many packets came to the socket since this was last asked, and how many of them
/// it had no room for.
fn count(socket: &OwnedFd) -> (u64, u64) {
    // SAFETY: zeros are a valid statistics.
    let mut counts: libc::tpacket_stats = unsafe { mem::zeroed() };
    let mut length = size_of::<libc::tpacket_stats>() as libc::socklen_t;
    // SAFETY: there is room for the answer. The call cannot fail: it is a packet socket.
    unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::SOL_PACKET,
            libc::PACKET_STATISTICS,
            (&raw mut counts).cast(),
            &raw mut length,
        );
    }
    (counts.tp_packets.into(), counts.tp_drops.into())
}

impl AsRawFd for Ring {
    fn as_raw_fd(&self) -> RawFd {
        self.open.ring.as_raw_fd()
    }
}

/// What has to be closed.
struct Open {
    memory: *mut u8,
    length: usize,
    ring: OwnedFd,
    counter: OwnedFd,
}

// SAFETY: it owns what its pointer leads to, and that belongs to no thread.
unsafe impl Send for Open {}
// SAFETY: shared, it gives access to nothing.
unsafe impl Sync for Open {}

impl Open {
    fn close(self) {
        // SAFETY: the mapping is ours, and nothing refers to it any more.
        unsafe { libc::munmap(self.memory.cast(), self.length) };
        drop((self.ring, self.counter));
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        // SAFETY: nobody takes it again: this is the end of `self`.
        let open = unsafe { ManuallyDrop::take(&mut self.open) };
        // The kernel lets go of a packet socket when it is sure that no processor still
        // looks at it. That takes it some ten milliseconds, for which nobody has to wait.
        let closer = thread::Builder::new().name("tap".into());
        // Where there can be no thread, it is all dropped here: the mapping stays.
        let _ = closer.spawn(move || open.close());
    }
}

/// Receives a message of an init, or a part of it, and the sockets that come with it.
///
/// # Errors
///
/// Those of recvmsg(2); `WouldBlock` where nothing has come yet.
pub(crate) fn receive(
    socket: BorrowedFd<'_>,
    bytes: &mut [u8; Message::SIZE],
) -> io::Result<(usize, Option<Sockets>)> {
    let mut piece = libc::iovec {
        iov_base: bytes.as_mut_ptr().cast(),
        iov_len: bytes.len(),
    };
    let mut rights = Rights::of([-1; 2]);
    // SAFETY: a header of zeros is an empty one.
    let mut header: libc::msghdr = unsafe { mem::zeroed() };
    header.msg_iov = &raw mut piece;
    header.msg_iovlen = 1;
    header.msg_control = (&raw mut rights).cast();
    header.msg_controllen = size_of::<Rights>() as _;
    let flags = libc::MSG_CMSG_CLOEXEC | libc::MSG_DONTWAIT;
    // SAFETY: there is room for as many bytes as the header says.
    let received = unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut header, flags) };
    let Ok(received) = usize::try_from(received) else {
        return Err(io::Error::last_os_error());
    };
    let is_whole = header.msg_controllen as usize >= size_of::<Rights>();
    let has_come = |&socket: &c_int| socket >= 0;
    if !is_whole || !rights.sockets.iter().all(has_come) {
        return Ok((received, None));
    }
    // SAFETY: the kernel has just made them for us.
    let sockets = rights.sockets.map(|fd| unsafe { OwnedFd::from_raw_fd(fd) });
    Ok((received, Some(sockets)))
}
