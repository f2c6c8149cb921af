//! Packets, drawn.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::fixture::{Folder, Page};

/// The section On the Wire.
fn section(lines: &str) -> String {
    let folder = Folder::with(&Page::new().on_the_wire(lines));
    let main = folder.built().main();
    let (_, rest) = main.split_once("On the Wire</a></h2>").unwrap();
    let (section, _) = rest.split_once("<h2").unwrap();
    section.to_owned()
}

/// How many arrows, gaps included, of which class.
fn steps(section: &str) -> Vec<&str> {
    section
        .split("<g class=\"step ")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect()
}

#[test]
fn a_connection_is_a_ladder_with_its_lines_below() {
    insta::assert_snapshot!(section(
        "[client] SYN from <port:client> to <port:server>\n[server] SYN ACK\n[client] ACK\n\
         [client] 33 bytes\n[client] FIN\n[server] <number:n 40..=50> bytes after FIN\n[server] FIN\n",
    ));
}

#[test]
fn each_connection_has_a_ladder_of_its_own() {
    let section = section(
        "[client 2] SYN from <port:c> to 80\n[client 1] SYN from <port:a> to <port:b>\n\
         [server 2] RST\n[server 1] SYN ACK\n[client 1] ...\n[server 1] RST\n",
    );
    let (one, two) = section.split_once("Connection 2").unwrap();
    assert_eq!(
        steps(one),
        [
            "client handshake",
            "server handshake",
            "client anything",
            "server reset"
        ]
    );
    assert_eq!(steps(two), ["client handshake", "server reset"]);
    assert_eq!(section.matches("<svg").count(), 2);
}

#[test]
fn packets_that_the_page_leaves_out_are_spoken_of() {
    let section = section("...\n[client 6] FIN\n...\n[server 6] FIN\n...\n[server 7] RST\n...\n");
    assert_eq!(section.matches("class=\"step").count(), 3);
    let told = "There may be other packets before, between and after these.";
    assert!(section.contains(told), "{section}");
}

#[test]
fn lines_that_are_no_packets_are_shown_as_lines() {
    for lines in [
        "[client] hello\n",
        "[peer] SYN ACK\n",
        "[client x] FIN\n",
        "[client]\n",
        "FIN\n",
    ] {
        let section = section(lines);
        assert!(!section.contains("<svg"), "{lines}: {section}");
        assert!(section.contains("<samp>"), "{lines}: {section}");
    }
}

#[test]
fn long_words_stay_between_the_lifelines() {
    let name = "a-very-long-name-for-the-port-of-a-client";
    let section = section(&format!(
        "[client] SYN from <port:{name}> to <port:server-of-all>\n"
    ));
    assert!(section.contains("textlength="), "{section}");
}
