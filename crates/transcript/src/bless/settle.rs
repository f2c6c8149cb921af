//! What has to be set right when all lines of a page are there.

use std::collections::HashMap;

use crate::{Comparison, Transcript, write};

/// How the page ends its lines.
pub(super) fn ending(source: &str) -> &'static str {
    if source.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    }
}

/// A page of elisions alone promises nothing: the lines that they took are
/// written out.
pub(super) fn elisions(transcript: &Transcript, base: &Comparison<'_>, text: String) -> String {
    let page = &transcript.page;
    if Transcript::parse(&text, page.order, &page.kinds).is_ok() {
        return text;
    }
    let lines =
        (0..base.output.len()).map(|line| write::line(base.actual(line), &page.kinds) + "\n");
    lines.collect()
}

/// Takes a name away where it would stand for a second text, in any run.
pub(super) fn names(transcript: &Transcript, runs: &[&[u8]], mut text: String) -> String {
    let page = &transcript.page;
    loop {
        let Ok(new) = Transcript::parse(&text, page.order, &page.kinds) else {
            return text;
        };
        let Some(place) = runs.iter().find_map(|run| second_text(&new.compare(run))) else {
            return text;
        };
        let place = new.page.place(place);
        let source = &text[place.span.range()];
        let range = source.split_once(' ').map_or(">", |(_, range)| range);
        let blank = if range == ">" { "" } else { " " };
        let unnamed = format!("<{}{blank}{range}", page.kinds.word(place.kind));
        text.replace_range(place.span.range(), &unnamed);
    }
}

/// A placeholder whose name stands for another text than it did before.
fn second_text(comparison: &Comparison<'_>) -> Option<u32> {
    let mut known: HashMap<u32, &[u8]> = HashMap::new();
    let broken = comparison.bindings.iter().find(|binding| {
        let bytes = binding.bytes(&comparison.output);
        *known.entry(binding.name).or_insert(bytes) != bytes
    })?;
    Some(broken.place)
}
