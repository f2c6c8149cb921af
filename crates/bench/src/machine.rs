//! What the machine is, and whether it has other things to do.

use std::{fs, num::NonZeroUsize, thread};

/// Says how many processors there are, and how busy they were before the measurement
/// began, where the system tells that.
pub(crate) fn introduce() {
    println!("{}\n", describe(processors(), load()));
}

/// How many programs can run side by side.
pub(crate) fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// How many processes wanted a processor, on average over the last minute.
fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next()?.parse().ok()
}

fn describe(processors: usize, load: Option<f64>) -> String {
    let have = match processors {
        1 => "1 processor".to_owned(),
        many => format!("{many} processors"),
    };
    match load {
        None => format!("{have}."),
        Some(load) if load < 0.5 => format!("{have}, with nothing else to do (load {load})."),
        Some(load) => format!(
            "{have}, BUSY with other work (load {load}): times on the wall say little. \
             Ratios say more, and times of a processor most."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_machine_is_said_to_be_busy() {
        assert!(describe(2, Some(3.0)).starts_with("2 processors, BUSY"));
        assert!(!describe(2, Some(0.1)).contains("BUSY"));
        assert_eq!(describe(1, None), "1 processor.");
    }
}
