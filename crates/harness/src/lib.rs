//! What the lessons' own programs need and tokio does not give.
//!
//! Each module does one small thing beside tokio, and hides nothing of it: the
//! sockets, the reads and the writes of a lesson stay in the lesson.

pub mod arrival;
pub mod count;
pub mod event;
pub mod judge;
pub mod loopback;
