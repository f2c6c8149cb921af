//! The environment that every program gets: the same on each machine, as far as
//! the program can run with it, and without the caller's secrets.

use std::{
    collections::BTreeMap,
    env,
    ffi::{OsStr, OsString},
    sync::LazyLock,
};

use crate::Program;

/// What is passed on from the caller, where it is set: what a program needs to be
/// found and to run. Everything else stays behind; a list of what to hide would
/// always lack the newest token.
const PASSED_ON: &[&str] = &[
    // Where programs, people and temporary files live.
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    // Where toolchains live that are not simply in PATH.
    "ASDF_DATA_DIR",
    "ASDF_DIR",
    "CARGO_HOME",
    "DOTNET_ROOT",
    "GOPATH",
    "GOROOT",
    "JAVA_HOME",
    "MISE_DATA_DIR",
    "NVM_DIR",
    "PYENV_ROOT",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "VIRTUAL_ENV",
    "VOLTA_HOME",
    // What Windows cannot open a socket or find a program without.
    "APPDATA",
    "COMSPEC",
    "HOMEDRIVE",
    "HOMEPATH",
    "LOCALAPPDATA",
    "NUMBER_OF_PROCESSORS",
    "OS",
    "PATHEXT",
    "PROCESSOR_ARCHITECTURE",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "PROGRAMFILES(X86)",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "USERNAME",
    "USERPROFILE",
    "WINDIR",
];

/// What is the same for everybody: one language, one time zone, no colours, and a
/// terminal that can do nothing. `COLUMNS` is not set: there is no width.
const FIXED: &[(&str, &str)] = &[
    ("LANG", "C.UTF-8"),
    ("LC_ALL", "C.UTF-8"),
    ("NO_COLOR", "1"),
    ("TERM", "dumb"),
    ("TZ", "UTC"),
];

/// The whole environment of `program`: what is passed on, what is fixed, and the
/// program's own variables, which win.
pub(crate) fn of(program: &Program) -> BTreeMap<&OsStr, &OsStr> {
    // Nobody in this process changes its environment: once read, it is known.
    static KNOWN: LazyLock<Vec<(OsString, OsString)>> = LazyLock::new(known);
    let variables = KNOWN.iter().chain(&program.env);
    variables
        .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
        .collect()
}

/// What every program gets.
fn known() -> Vec<(OsString, OsString)> {
    let passed_on = env::vars_os().filter(|(name, _)| is_passed_on(name));
    let fixed = FIXED
        .iter()
        .map(|&(name, value)| (name.into(), value.into()));
    passed_on.chain(fixed).collect()
}

fn is_passed_on(name: &OsStr) -> bool {
    PASSED_ON.iter().any(|passed| {
        if cfg!(windows) {
            // There `Path` and `PATH` are one variable.
            name.eq_ignore_ascii_case(passed)
        } else {
            name == *passed
        }
    })
}
