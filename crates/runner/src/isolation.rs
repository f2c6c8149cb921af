//! Whether a program shares the caller's network, or has one of its own.

/// Which network a program sees.
///
/// Either way everything that it starts is found and ended.
#[derive(Clone, Copy, Debug, Default)]
pub enum Isolation {
    /// The caller's: its ports, its loopback, its routes.
    #[default]
    Off,
    /// Its own, with a loopback and nothing else: no port of it collides, it
    /// reaches nobody, and nobody outside reaches it. It is numbered in a PID namespace
    /// of its own, too, while /proc shows everybody's numbers outside.
    On(Namespaces),
}

impl Isolation {
    /// Finds out whether this machine can isolate a program, by doing it once.
    ///
    /// The answer is remembered: asking again costs nothing.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], with the reason, where the machine does not allow it.
    pub async fn detect() -> Result<Namespaces, Unavailable> {
        system::detect().await
    }
}

/// The proof that this machine can isolate a program; [`Isolation::detect`] gives it.
#[derive(Clone, Copy, Debug)]
pub struct Namespaces {
    #[cfg(target_os = "linux")]
    user: system::User,
    /// Elsewhere there is no such proof.
    #[cfg(not(target_os = "linux"))]
    pub(crate) never: std::convert::Infallible,
}

/// Why this machine cannot isolate a program.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Unavailable {
    /// The reason, and what would help, as a sentence without its full stop.
    pub reason: String,
}

#[cfg(target_os = "linux")]
mod system {
    use std::{ffi::CString, fs, io, sync::LazyLock};

    use tokio::sync::OnceCell;

    use super::{Namespaces, Unavailable};
    use crate::{
        sys::{self, Namespace},
        tree,
    };

    /// As whom a program runs in its namespaces.
    #[derive(Clone, Copy, Debug)]
    pub(super) enum User {
        /// As the very user who runs it. That takes the right to open namespaces.
        Same,
        /// In a user namespace, which everybody may open, and in which the user is
        /// mapped to itself. Other users' files belong to nobody there; this is why it
        /// is not the first choice.
        Mapped,
    }

    pub(super) async fn detect() -> Result<Namespaces, Unavailable> {
        static ANSWER: OnceCell<Result<Namespaces, Unavailable>> = OnceCell::const_new();
        ANSWER.get_or_init(attempt).await.clone()
    }

    async fn attempt() -> Result<Namespaces, Unavailable> {
        let mut refusal = None;
        for user in [User::Same, User::Mapped] {
            let namespaces = Namespaces { user };
            match tree::try_namespace(namespaces.open()).await {
                Ok(()) => return Ok(namespaces),
                Err(error) => refusal = Some(error),
            }
        }
        let reason = refusal.map_or_else(String::new, |(step, error)| reason(step, &error));
        Err(Unavailable { reason })
    }

    /// How many processes and threads an isolated program may have at once.
    const PROCESSES: u64 = 1024;

    impl Namespaces {
        /// What an init is told, to open them.
        pub(crate) fn open(self) -> Namespace {
            match self.user {
                // Root's processes are not counted.
                User::Same => Namespace {
                    maps: None,
                    processes: None,
                },
                User::Mapped => Namespace {
                    maps: Some(sys::user_and_group().map(to_itself)),
                    processes: counts_by_namespace().then_some(PROCESSES),
                },
            }
        }
    }

    /// Whether `RLIMIT_NPROC` is held against the processes of one user namespace, as it
    /// is since Linux 5.14, and not against all that the user has.
    fn counts_by_namespace() -> bool {
        static ANSWER: LazyLock<bool> = LazyLock::new(|| {
            let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
            version(&release) >= (Some(5), Some(14))
        });
        *ANSWER
    }

    /// The first two numbers of a release such as `6.1.0-18-amd64` or `5.15-custom`.
    fn version(release: &str) -> (Option<u32>, Option<u32>) {
        let mut numbers = release
            .split(|character: char| !character.is_ascii_digit())
            .map_while(|number| number.parse().ok());
        (numbers.next(), numbers.next())
    }

    /// The line that maps an id to itself, see `user_namespaces(7)`.
    fn to_itself(id: u32) -> CString {
        // A number has no zero byte in it.
        CString::new(format!("{id} {id} 1")).unwrap_or_default()
    }

    fn reason(step: &str, error: &io::Error) -> String {
        // What clone(2) means by it has nothing to do with a disk.
        let error = match error.raw_os_error() {
            Some(libc::ENOSPC) => "no more namespaces are allowed".into(),
            _ => error.to_string(),
        };
        format!(
            "this system lets no program have a network of its own ({step}: {error}); {}",
            remedy()
        )
    }

    /// What would help, as far as the system's settings tell.
    fn remedy() -> String {
        const SETTINGS: [(&str, &str, &str); 5] = [
            ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
            ("kernel.unprivileged_userns_clone", "0", "1"),
            ("user.max_user_namespaces", "0", "10000"),
            ("user.max_pid_namespaces", "0", "10000"),
            ("user.max_net_namespaces", "0", "10000"),
        ];
        let is = |setting: &str, value: &str| {
            let file = format!("/proc/sys/{}", setting.replace('.', "/"));
            fs::read_to_string(file).is_ok_and(|text| text.trim() == value)
        };
        let changes = SETTINGS
            .iter()
            .filter(|(setting, forbids, _)| is(setting, forbids))
            .map(|(setting, _, allows)| format!("{setting}={allows}"))
            .collect::<Vec<_>>();
        if changes.is_empty() {
            return "a container has to be allowed it, as with `--privileged`".into();
        }
        format!("`sudo sysctl {}` allows it", changes.join(" "))
    }

    #[cfg(test)]
    mod tests {
        use super::version;

        #[test]
        fn a_release_begins_with_its_version() {
            assert_eq!(version("6.1.0-18-amd64\n"), (Some(6), Some(1)));
            assert_eq!(version("5.15-custom\n"), (Some(5), Some(15)));
            assert_eq!(version(""), (None, None));
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::{Namespaces, Unavailable};

    #[expect(
        clippy::unused_async,
        reason = "on Linux there is something to wait for"
    )]
    pub(super) async fn detect() -> Result<Namespaces, Unavailable> {
        Err(Unavailable {
            reason: "a network of its own for each program takes Linux".into(),
        })
    }
}
