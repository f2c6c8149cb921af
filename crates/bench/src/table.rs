//! Tables of figures, with what is wanted beside them.

use std::fmt;

use crate::figures::digits;

/// What a figure is held against.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bar {
    /// It has to be this much or more.
    AtLeast(f64),
    /// It has to be this much or less.
    AtMost(f64),
}

impl Bar {
    /// Holds a figure against the bar. What misses it by less than `noise`, a part of
    /// the bar such as 0.25, is met within noise.
    fn hold(self, figure: f64, noise: f64) -> Verdict {
        let (is_met, is_near) = match self {
            Self::AtLeast(bar) => (figure >= bar, figure >= bar * (1.0 - noise)),
            Self::AtMost(bar) => (figure <= bar, figure <= bar * (1.0 + noise)),
        };
        if is_met {
            Verdict::Met
        } else if is_near {
            Verdict::WithinNoise
        } else {
            Verdict::Missed
        }
    }
}

/// Whether what is wanted is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Met,
    WithinNoise,
    Missed,
    /// Nothing is wanted of it; it is there for scale.
    Open,
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::WithinNoise => "met within noise",
            Self::Missed => "MISSED",
            Self::Open => "",
        }
    }
}

/// Rows of figures under a title.
#[derive(Debug)]
pub(crate) struct Table {
    title: String,
    columns: Vec<String>,
    rows: Vec<Row>,
    noise: f64,
}

#[derive(Debug)]
struct Row {
    cells: Vec<String>,
    wanted: String,
    verdict: Verdict,
}

impl Table {
    /// A table without rows. The first column is what each row is about.
    pub(crate) fn new(title: impl Into<String>, columns: &[&str]) -> Self {
        Self {
            title: title.into(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows: Vec::new(),
            noise: 0.0,
        }
    }

    /// A bar that is missed by less than this part of it is met within noise.
    pub(crate) fn with_noise(mut self, noise: f64) -> Self {
        self.noise = noise;
        self
    }

    /// A row for scale.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.push(cells, String::new(), Verdict::Open);
    }

    /// A row of which something is wanted: `figure` is held against `bar`, and told in
    /// `unit`.
    pub(crate) fn held(
        &mut self,
        cells: impl IntoIterator<Item = String>,
        figure: f64,
        bar: Bar,
        unit: &str,
    ) {
        let wanted = match bar {
            Bar::AtLeast(bar) => format!("≥ {}{unit}", digits(bar)),
            Bar::AtMost(bar) => format!("≤ {}{unit}", digits(bar)),
        };
        self.push(cells, wanted, bar.hold(figure, self.noise));
    }

    fn push(&mut self, cells: impl IntoIterator<Item = String>, wanted: String, verdict: Verdict) {
        self.rows.push(Row {
            cells: cells.into_iter().collect(),
            wanted,
            verdict,
        });
    }

    /// What is wanted and missed, by the first cells of the rows.
    pub(crate) fn missed(&self) -> impl Iterator<Item = String> {
        let missed = |row: &&Row| row.verdict == Verdict::Missed;
        let what = |row: &Row| row.cells.first().cloned().unwrap_or_default();
        self.rows.iter().filter(missed).map(what)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = vec![self.columns.clone()];
        lines[0].push("wanted".into());
        for row in &self.rows {
            let mut cells = row.cells.clone();
            cells.resize(self.columns.len(), String::new());
            cells.push(row.wanted.clone());
            cells.push(row.verdict.word().into());
            lines.push(cells);
        }
        let width = |column: usize| {
            let cells = lines.iter().filter_map(|cells| cells.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.columns.len() + 2).map(width).collect();
        writeln!(f, "{}\n", self.title)?;
        for cells in &lines {
            let mut line = String::new();
            for (nth, (cell, &width)) in cells.iter().zip(&widths).enumerate() {
                // What a row is about, and the verdict, are text; the rest are figures.
                let cell = if nth == 0 || nth > self.columns.len() {
                    format!("  {cell:<width$}")
                } else {
                    format!("  {cell:>width$}")
                };
                line.push_str(&cell);
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Says at the end what is missed, or that nothing is.
pub(crate) fn conclude(tables: &[Table]) {
    let missed: Vec<String> = tables.iter().flat_map(Table::missed).collect();
    if missed.is_empty() {
        println!("All that is wanted is met.");
        return;
    }
    println!("Missed:");
    for what in missed {
        println!("  {what}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_held_against_its_bar_from_the_right_side() {
        let cases = [
            (Bar::AtLeast(10.0), 10.0, Verdict::Met),
            (Bar::AtLeast(10.0), 8.0, Verdict::WithinNoise),
            (Bar::AtLeast(10.0), 7.0, Verdict::Missed),
            (Bar::AtMost(10.0), 10.0, Verdict::Met),
            (Bar::AtMost(10.0), 12.0, Verdict::WithinNoise),
            (Bar::AtMost(10.0), 13.0, Verdict::Missed),
            (Bar::AtLeast(1.0), f64::NAN, Verdict::Missed),
            (Bar::AtMost(1.0), f64::NAN, Verdict::Missed),
        ];
        for (bar, figure, expected) in cases {
            assert_eq!(bar.hold(figure, 0.25), expected, "{figure} against {bar:?}");
        }
        assert_eq!(Bar::AtLeast(10.0).hold(9.9, 0.0), Verdict::Missed);
    }

    #[test]
    fn a_table_says_what_is_wanted_and_what_is_missed() {
        let mut table = Table::new("Two runs", &["", "ours", "theirs"]);
        table.row(["nothing".into(), "1 s".into(), "2 s".into()]);
        table.held(["much".into(), "15 s".into()], 15.0, Bar::AtMost(2.0), " s");
        let expected = "Two runs\n\n\
                        \u{20}          ours  theirs    wanted\n\
                        \u{20} nothing   1 s     2 s\n\
                        \u{20} much     15 s          ≤ 2.00 s  MISSED\n";
        assert_eq!(table.to_string(), expected);
        assert_eq!(table.missed().collect::<Vec<_>>(), ["much"]);
    }
}
