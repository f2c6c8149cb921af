//! Talking to a judge: a program that lists its challenges, and judges a command.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, ChildStderr, Command},
};

use crate::{group, stop::Stop};

/// A judge that has nothing to wait for answers at once: one that says nothing for this
/// time is stuck.
const STUCK: Duration = Duration::from_mins(1);

/// When a judge gives up a requirement, where nobody says otherwise: the default of
/// `harness::judge::Limits`.
const GIVES_UP: Duration = Duration::from_mins(1);

/// The judge of a lesson's challenges.
#[derive(Clone, Debug)]
pub struct Judge {
    executable: PathBuf,
    stop: Stop,
}

/// A challenge, as the judge tells of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Challenge {
    /// Its name.
    #[serde(rename = "challenge")]
    pub name: String,
    /// What a program has to do, in one sentence.
    pub summary: String,
    /// What it is judged by, in the order in which a learner would meet it.
    pub requirements: Vec<Requirement>,
}

/// What a program has to do to meet a challenge.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Requirement {
    /// A sentence in the learner's words.
    pub name: String,
    /// What goes wrong without it.
    pub reason: String,
}

/// Whether a requirement is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Verdict {
    /// It is.
    #[serde(rename = "met")]
    Met,
    /// It is not.
    #[serde(rename = "not met")]
    NotMet,
    /// It does not seem so, on a machine that is too busy to tell.
    #[serde(rename = "unclear")]
    Unclear,
}

impl Verdict {
    /// The verdict in words, as every report writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::Unclear => "unclear",
        }
    }
}

/// What the judge says of one requirement.
#[derive(Clone, Debug, Deserialize)]
pub struct Judged {
    /// The requirement's name.
    pub requirement: String,
    /// What the judge came to.
    pub verdict: Verdict,
    /// How long that took to see.
    pub seconds: f64,
    /// Why it is not met, or seems not to be, with the conversation. Empty where it is.
    pub report: String,
}

impl Judged {
    /// Whether the requirement is met, without a doubt.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.verdict == Verdict::Met
    }
}

/// What is judged.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What starts it; the contract's arguments come after it.
    pub command: Vec<OsString>,
    /// The folder in which it is started: the current one, where none is named.
    pub folder: Option<PathBuf>,
}

impl From<&Path> for Candidate {
    /// An executable that needs no folder.
    fn from(executable: &Path) -> Self {
        Self {
            command: vec![executable.into()],
            folder: None,
        }
    }
}

impl Judge {
    pub(super) fn new(executable: &Path, stop: Stop) -> Self {
        Self {
            executable: executable.to_path_buf(),
            stop,
        }
    }

    /// The challenges that it judges.
    ///
    /// # Errors
    ///
    /// When it cannot be asked.
    pub async fn challenges(&self) -> Result<Vec<Challenge>> {
        let (challenges, _) = self.ask(["list"], None, STUCK, |_| ()).await?;
        Ok(challenges)
    }

    /// Judges a candidate; of the challenge's requirements only those that are named, where
    /// some are. `tell` hears each verdict as soon as there is one.
    ///
    /// # Errors
    ///
    /// When it cannot be judged: the program cannot be started, above all.
    pub async fn judge(
        &self,
        challenge: &str,
        requirements: &[&str],
        candidate: &Candidate,
        timeout: Option<Duration>,
        tell: impl FnMut(&Judged),
    ) -> Result<Vec<Judged>> {
        let mut args: Vec<OsString> = vec!["judge".into(), challenge.into()];
        for requirement in requirements {
            args.extend(["--requirement".into(), requirement.into()]);
        }
        if let Some(timeout) = timeout {
            args.extend(["--timeout".into(), timeout.as_secs_f64().to_string().into()]);
        }
        args.push("--".into());
        args.extend_from_slice(&candidate.command);
        let folder = candidate.folder.as_deref();
        let (judged, status) = self.ask(args, folder, patience(timeout), tell).await?;
        let all_met = judged.iter().all(Judged::is_met);
        if judged.is_empty() || all_met != status.success() {
            bail!("the judge of `{challenge}` contradicts itself: it ended with {status}");
        }
        Ok(judged)
    }

    /// The names of programs that meet no requirement.
    ///
    /// # Errors
    ///
    /// When it cannot be asked.
    pub async fn stand_ins(&self) -> Result<Vec<String>> {
        let (mut names, _) = self.ask(["stand-ins"], None, STUCK, |_| ()).await?;
        Ok(names.pop().unwrap_or_default())
    }

    /// One of them.
    #[must_use]
    pub fn stand_in(&self, name: &str) -> Candidate {
        Candidate {
            command: vec![
                self.executable.clone().into(),
                "stand-in".into(),
                name.into(),
            ],
            folder: None,
        }
    }

    /// Runs the judge, in a folder where one is named, and reads the values that it prints,
    /// one a line. It is stuck where it says nothing for as long as `patience`.
    async fn ask<T: DeserializeOwned>(
        &self,
        args: impl IntoIterator<Item: AsRef<OsStr>>,
        folder: Option<&Path>,
        patience: Duration,
        mut tell: impl FnMut(&T),
    ) -> Result<(Vec<T>, ExitStatus)> {
        let mut judge = Command::new(&self.executable);
        if let Some(folder) = folder {
            judge.current_dir(folder);
        }
        judge
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // In the terminal's own process group, Ctrl-C reaches the judge as it reaches us, and
        // it ends its candidates. Where we hear it, and end the judge, it should not end
        // before we know why.
        if self.stop.is_possible() {
            group::lead(&mut judge);
        }
        let mut judge = judge
            .spawn()
            .with_context(|| format!("cannot start the judge {}", self.executable.display()))?;
        // Beside its values, so that it never waits for somebody to read why.
        let complaint = tokio::spawn(read_complaint(judge.stderr.take()));
        let values = tokio::select! {
            values = read_values(&mut judge, patience, &mut tell) => values?,
            () = self.stop.asked() => {
                group::end(&mut judge, group::Way::Ask)
                    .await
                    .context("cannot end the judge")?;
                bail!("the judge was stopped")
            }
        };
        let complaint = complaint
            .await
            .context("cannot read what the judge says")??;
        let status = judge.wait().await.context("cannot wait for the judge")?;
        if !matches!(status.code(), Some(0 | 1)) {
            match complaint.trim() {
                "" => bail!("the judge ended with {status}, and says nothing of why"),
                why => bail!("{}", why.strip_prefix("error: ").unwrap_or(why)),
            }
        }
        Ok((values, status))
    }
}

/// For how long a judge may say nothing while it judges: until it has given up a requirement
/// by itself, and been late by a minute.
fn patience(timeout: Option<Duration>) -> Duration {
    timeout.unwrap_or(GIVES_UP).saturating_add(STUCK)
}

async fn read_values<T: DeserializeOwned>(
    judge: &mut Child,
    patience: Duration,
    tell: &mut impl FnMut(&T),
) -> Result<Vec<T>> {
    let mut values = Vec::new();
    let Some(stdout) = judge.stdout.take() else {
        return Ok(values);
    };
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = tokio::time::timeout(patience, lines.next_line())
        .await
        .with_context(|| {
            let seconds = patience.as_secs_f64();
            format!("the judge is stuck: it said nothing for {seconds} s")
        })?
        .context("cannot read what the judge says")?
    {
        let value = serde_json::from_str(&line)
            .with_context(|| format!("cannot understand the judge's line {line:?}"))?;
        tell(&value);
        values.push(value);
    }
    Ok(values)
}

async fn read_complaint(stderr: Option<ChildStderr>) -> Result<String> {
    let mut complaint = Vec::new();
    if let Some(mut stderr) = stderr {
        stderr
            .read_to_end(&mut complaint)
            .await
            .context("cannot read what the judge says")?;
    }
    Ok(String::from_utf8_lossy(&complaint).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_judge_is_stuck_only_long_after_it_gives_up_by_itself() {
        for seconds in [0, 1, 59, 90, 86_400] {
            let timeout = Duration::from_secs(seconds);
            assert!(patience(Some(timeout)) >= timeout + STUCK, "{seconds}");
        }
        assert_eq!(patience(None), GIVES_UP + STUCK);
        assert_eq!(patience(Some(Duration::MAX)), Duration::MAX);
    }
}
