//! How a socket's events are named.

use std::io::{Error, ErrorKind};

use harness::event::Event;

#[test]
fn each_event_is_one_line_of_the_course() {
    let cases = [
        (Event::Connect, "connect"),
        (Event::Data(33), "data 33 bytes"),
        (Event::End, "end"),
        (
            Event::Error(ErrorKind::ConnectionReset),
            "error ConnectionReset",
        ),
        (
            Event::Error(ErrorKind::ConnectionRefused),
            "error ConnectionRefused",
        ),
        (Event::Error(ErrorKind::TimedOut), "error TimedOut"),
        (Event::Close, "close"),
    ];
    for (event, line) in cases {
        assert_eq!(event.to_string(), line);
    }
}

#[test]
fn a_read_of_nothing_is_the_end() {
    let reset = Error::from(ErrorKind::ConnectionReset);
    assert_eq!(Event::of_read(&Ok(0)), Event::End);
    assert_eq!(Event::of_read(&Ok(1)), Event::Data(1));
    assert_eq!(
        Event::of_read(&Err(reset)),
        Event::Error(ErrorKind::ConnectionReset)
    );
}
