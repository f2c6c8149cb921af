//! The texts: what a page promises, what a program printed, and the page as trycmd
//! would have it.

use std::fmt::Write as _;

/// A page and an output that matches it.
#[derive(Debug, Default)]
pub(super) struct Sample {
    pub(super) page: String,
    /// The page as trycmd would have it.
    pub(super) trycmd: String,
    pub(super) output: String,
}

impl Sample {
    /// The output, with another text in its middle line.
    pub(super) fn with_a_wrong_line(&self) -> String {
        let middle = self.output[..self.output.len() / 2]
            .rfind('\n')
            .map_or(0, |end| end + 1);
        let end = self.output[middle..]
            .find('\n')
            .map_or(self.output.len(), |length| middle + length);
        [&self.output[..middle], "out of order", &self.output[end..]].concat()
    }

    /// The output, with a line before its first.
    pub(super) fn with_a_line_more(&self) -> String {
        ["out of order\n", self.output.as_str()].concat()
    }
}

/// Lines that all differ, also by what is promised of them.
pub(super) fn distinct(lines: usize) -> Sample {
    sample(lines, |line, number| {
        format!("request {line:06} of the client: {number} bytes in one segment")
    })
}

/// Lines of eight kinds, in turn.
pub(super) fn alike(lines: usize) -> Sample {
    const CLIENTS: [&str; 8] = [
        "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel",
    ];
    sample(lines, |line, number| {
        let client = CLIENTS[line % CLIENTS.len()];
        format!("the server got {number} bytes from its client {client:<8} just now")
    })
}

/// Lines with a number in each, at random but the same in each run.
fn sample(lines: usize, write: impl Fn(usize, &str) -> String) -> Sample {
    let mut random = fastrand::Rng::with_seed(1);
    let mut sample = Sample::default();
    for line in 0..lines {
        let number = random.u32(1000..1_000_000).to_string();
        for (text, number) in [
            (&mut sample.page, "<number>"),
            (&mut sample.trycmd, "[..]"),
            (&mut sample.output, &number),
        ] {
            text.push_str(&write(line, number));
            text.push('\n');
        }
    }
    sample
}

/// What four speakers say at once.
#[derive(Debug, Default)]
pub(super) struct Speakers {
    pub(super) page: String,
    /// In the order of the page.
    pub(super) output: String,
    /// In another order, but each speaker's own lines in that of the page.
    pub(super) shuffled: String,
}

/// Lines of four speakers, without a cue between them.
pub(super) fn speakers(lines: usize) -> Speakers {
    const NAMES: [&str; 4] = ["client", "server", "proxy", "client 2"];
    let mut random = fastrand::Rng::with_seed(2);
    let mut said: [Vec<String>; 4] = Default::default();
    let mut spoken = Speakers::default();
    for line in 0..lines {
        let (nth, speaker) = (line / NAMES.len(), line % NAMES.len());
        let name = NAMES[speaker];
        let number = random.u32(1000..1_000_000);
        let write = |number: &str| format!("[{name}] message {nth} has {number} bytes in it\n");
        spoken.page.push_str(&write("<number>"));
        let output = write(&number.to_string());
        spoken.output.push_str(&output);
        said[speaker].push(output);
    }
    let mut waiting = said.map(Vec::into_iter);
    let mut left = lines;
    while left > 0 {
        if let Some(line) = waiting[random.usize(..NAMES.len())].next() {
            spoken.shuffled.push_str(&line);
            left -= 1;
        }
    }
    spoken
}

/// A page and an output that does not match it.
#[derive(Debug)]
pub(super) struct Hard {
    pub(super) name: &'static str,
    pub(super) page: String,
    pub(super) trycmd: String,
    pub(super) output: String,
}

/// Pages that fit in very many ways, but for their end.
pub(super) fn hard() -> Vec<Hard> {
    let placeholders = |name, placeholder: &str, between: &str| Hard {
        name,
        page: format!("{}end\n", format!("{placeholder}{between}").repeat(30)),
        trycmd: format!("{}end\n", format!("[..]{between}").repeat(30)),
        output: format!("{}\n", between.repeat(10_000 / between.len())),
    };
    let mut elided = String::new();
    for _ in 0..200 {
        let _ = writeln!(elided, "...\nagain");
    }
    elided.push_str("the end\n");
    vec![
        placeholders("30 times <any>, 10,000 characters", "<any>", "a"),
        placeholders("30 times <word>, 10,000 characters", "<word>", "ab"),
        placeholders("30 times <hex>, 10,000 characters", "<hex>", "a"),
        placeholders("30 times <number>, 10,000 characters", "<number>", "1"),
        Hard {
            name: "200 elisions, 10,000 lines",
            trycmd: elided.clone(),
            page: elided,
            output: "again\n".repeat(10_000),
        },
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn a_sample_has_as_many_lines_as_asked_of_about_60_bytes_and_a_placeholder_each() {
        for sample in [distinct(1000), alike(1000)] {
            assert_eq!(sample.output.lines().count(), 1000);
            assert!((55_000..70_000).contains(&sample.output.len()));
            let placeholders = |line: &str| line.matches("<number>").count();
            assert!(sample.page.lines().all(|line| placeholders(line) == 1));
            assert_eq!(sample.page.replace("<number>", "[..]"), sample.trycmd);
        }
    }

    #[test]
    fn the_changed_outputs_differ_from_the_sample_in_one_line() {
        let sample = distinct(100);
        let lines: Vec<&str> = sample.output.lines().collect();

        let wrong = sample.with_a_wrong_line();
        let wrong: Vec<&str> = wrong.lines().collect();
        assert_eq!(wrong.len(), 100);
        let differ = |nth: &usize| wrong[*nth] != lines[*nth];
        let differing: Vec<usize> = (0..100).filter(differ).collect();
        assert!(matches!(differing[..], [40..60]), "{differing:?}");

        let more = sample.with_a_line_more();
        assert_eq!(more.lines().skip(1).collect::<Vec<_>>(), lines);
    }

    #[test]
    fn shuffled_speakers_keep_their_own_order_only() {
        let spoken = speakers(400);
        assert_ne!(spoken.output, spoken.shuffled);
        let by_speaker = |text: &str| {
            let mut said: HashMap<String, Vec<String>> = HashMap::new();
            for line in text.lines() {
                let (speaker, _) = line.split_once(']').unwrap();
                said.entry(speaker.into()).or_default().push(line.into());
            }
            said
        };
        assert_eq!(by_speaker(&spoken.output).len(), 4);
        assert_eq!(by_speaker(&spoken.output), by_speaker(&spoken.shuffled));
    }
}
