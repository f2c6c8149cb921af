//! What the tests share: shell scripts as programs, the ways to isolate them, and a
//! look at what is left of them.

#![allow(dead_code, reason = "each test uses its part")]

use std::{env, fs, process, sync::atomic::AtomicU32, sync::atomic::Ordering, time::Duration};

use runner::{Budget, Isolation, Program, Run, Unavailable};

/// A shell script, marked so that whatever it leaves behind can be found.
pub(crate) struct Script {
    pub(crate) program: Program,
    mark: String,
}

impl Script {
    pub(crate) fn new(script: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let nth = NEXT.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{}-{nth}", process::id());
        let program = Program::new("sh", "/").arg("-c").arg(script);
        Self {
            program: program.env("TEST_MARK", &mark),
            mark,
        }
    }

    /// Runs the script, and sees to it that it comes to its end, and nothing is left.
    pub(crate) async fn run(&self, budget: &Budget, isolation: Isolation) -> Run {
        let run = runner::run(&self.program, budget, isolation);
        let run = tokio::time::timeout(Duration::from_mins(1), run).await;
        let run = run
            .expect("a run comes to its end")
            .expect("a shell starts");
        assert_eq!(self.left(), Vec::<String>::new(), "processes are left");
        run
    }

    /// What is left of it: the command lines of the living that bear its mark, in the
    /// environment or in the command line itself.
    pub(crate) fn left(&self) -> Vec<String> {
        let variable = format!("TEST_MARK={}", self.mark);
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        processes
            .filter(|process| {
                let holds = |file, mark: &str| {
                    let text = fs::read(process.path().join(file)).unwrap_or_default();
                    let mut strings = text.split(|&byte| byte == 0);
                    strings.any(|string| string == mark.as_bytes())
                };
                holds("environ", &variable) || holds("cmdline", &self.mark)
            })
            .map(|process| fs::read_to_string(process.path().join("cmdline")).unwrap_or_default())
            .collect()
    }
}

/// Every way to run a program on this machine; says so where isolation is not among
/// them.
pub(crate) async fn every_way() -> Vec<Isolation> {
    let mut ways = vec![Isolation::Off];
    ways.extend(isolated().await);
    ways
}

/// Isolation, where this machine has it; says so where it has not.
pub(crate) async fn isolated() -> Option<Isolation> {
    let namespaces = had("isolation", Isolation::detect().await)?;
    Some(Isolation::On(namespaces))
}

/// Whether a machine that cannot isolate programs, or see their packets, is a failure, or a
/// reason to skip the test: `require` is for those who know that theirs can.
const WANTED: &str = "TEST_ISOLATION";

/// What a test needs, where this machine has it; says so where it has not.
pub(crate) fn had<T>(what: &str, found: Result<T, Unavailable>) -> Option<T> {
    match found {
        Ok(found) => Some(found),
        Err(unavailable) => {
            assert!(
                env::var_os(WANTED).is_none_or(|wanted| wanted != "require"),
                "{WANTED}=require, and there is no {what}: {unavailable}"
            );
            eprintln!("skipped, with {what}: {unavailable}");
            None
        }
    }
}

/// The usual budget, with so many milliseconds.
pub(crate) fn millis(time: u64) -> Budget {
    Budget {
        time: Duration::from_millis(time),
        ..Budget::default()
    }
}
