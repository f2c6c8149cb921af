//! How much memory a process has, as Linux tells it in `/proc/PID/status`.

use std::fs;

use anyhow::{Context, Result};

/// The memory of a process in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// What of it is resident now.
    pub(crate) resident: u64,
    /// The most that ever was.
    pub(crate) peak: u64,
}

/// The memory of a process: its number, or `self`.
///
/// # Errors
///
/// Where there is no such process, or this is not Linux.
pub(crate) fn of(process: &str) -> Result<Memory> {
    let file = format!("/proc/{process}/status");
    let status = fs::read_to_string(&file)
        .with_context(|| format!("cannot read {file}; measuring memory takes Linux"))?;
    let memory = |key| read(&status, key).with_context(|| format!("{file} has no {key}"));
    Ok(Memory {
        resident: memory("VmRSS")?,
        peak: memory("VmHWM")?,
    })
}

fn read(status: &str, key: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kibibytes: u64 = line
        .strip_prefix(':')?
        .trim()
        .strip_suffix("kB")?
        .trim()
        .parse()
        .ok()?;
    Some(kibibytes << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_s_kilobytes_are_1024_bytes() {
        let status = "Name:\tchat\nVmHWM:\t    4096 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(read(status, "VmRSS"), Some(1 << 20));
        assert_eq!(read(status, "VmHWM"), Some(4 << 20));
        assert_eq!(read(status, "VmSwap"), None);
    }
}
