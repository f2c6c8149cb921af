//! Chromium without a window, driven by `chromedriver`.

#![allow(
    dead_code,
    reason = "the tests use one part of it, the example that takes pictures another"
)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot use its browser has failed"
)]

use std::{
    env,
    fmt::Debug,
    path::{Path, PathBuf},
    process::Stdio,
};

use fantoccini::{
    Client, ClientBuilder,
    wd::{Capabilities, WebDriverCompatibleCommand},
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};
use url::{ParseError, Url};

/// Whether a missing browser is a failure, or a reason to skip the test: `require` is
/// for those who have put one there.
const WANTED: &str = "BOOK_BROWSER";

/// A browser with one window.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
}

/// Runs a test in a browser of its own, and ends the browser however the test ends.
pub(crate) fn run<F>(test: impl FnOnce(Browser) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(driver) = find() else {
        assert!(
            env::var_os(WANTED).is_none_or(|wanted| wanted != "require"),
            "{WANTED}=require, and there is no chromedriver in PATH"
        );
        eprintln!("skipped: there is no chromedriver in PATH");
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let (mut process, port) = start(&driver).await;
        let browser = Browser::connect(port).await;
        let tested = tokio::spawn(test(browser.clone())).await;
        let closed = browser.client.close().await;
        process.kill().await.expect("chromedriver ends");
        if let Err(failure) = tested {
            std::panic::resume_unwind(failure.into_panic());
        }
        closed.expect("the browser ends");
    });
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| {
            folder
                .join("chromedriver")
                .with_extension(env::consts::EXE_EXTENSION)
        })
        .find(|file| file.is_file())
}

/// Starts the driver on a free port, which it tells.
async fn start(driver: &Path) -> (Child, u16) {
    let mut process = Command::new(driver)
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("chromedriver starts");
    let stdout = process.stdout.take().expect("its output");
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await.expect("a line") {
        let told = line.split_once("started successfully on port ");
        if let Some((_, port)) = told {
            let port = port.trim_end_matches('.').parse().expect("a port");
            // What it says from now on is read, so that it never waits for us.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return (process, port);
        }
    }
    panic!("chromedriver ended before it was ready");
}

impl Browser {
    async fn connect(port: u16) -> Self {
        let options = json!({
            "goog:chromeOptions": { "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                "--hide-scrollbars",
            ]},
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let capabilities: Capabilities = serde_json::from_value(options).expect("a map");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a browser");
        let browser = Self { client };
        browser.resize(1280, 900).await;
        browser
    }

    /// Loads a file, and waits until all of its own scripts have run.
    pub(crate) async fn open(&self, file: &Path) {
        let address = Url::from_file_path(file).expect("an address");
        self.client.goto(address.as_str()).await.expect("a page");
    }

    /// Runs a script in the page, and gives what it returns.
    pub(crate) async fn script(&self, script: &str) -> Value {
        match self.client.execute(script, Vec::new()).await {
            Ok(value) => value,
            Err(error) => panic!("{error}\nin {script}"),
        }
    }

    /// The same, for a script that returns texts.
    pub(crate) async fn texts(&self, script: &str) -> Vec<String> {
        serde_json::from_value(self.script(script).await).expect("a list of texts")
    }

    /// Whether what a script returns is true.
    pub(crate) async fn is(&self, script: &str) -> bool {
        self.script(&format!("return !!({script})")).await == json!(true)
    }

    /// Waits until it is.
    pub(crate) async fn until(&self, script: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             const look = () => ({script}) ? done() : requestAnimationFrame(look);
             look();"
        );
        if let Err(error) = self.client.execute_async(&script, Vec::new()).await {
            panic!("{error}\nin {script}");
        }
    }

    /// Presses keys where the keyboard's focus is.
    pub(crate) async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.expect("a focus");
        focused.send_keys(keys).await.expect("keys");
    }

    /// Gives the page a screen of this size; below 500 it is a telephone's.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        let mobile = width < 500;
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", &size)
            .await;
    }

    /// Lets a feature of its user's media be so, such as `prefers-color-scheme`.
    pub(crate) async fn emulate(&self, feature: &str, value: &str) {
        let features = json!({ "features": [{ "name": feature, "value": value }] });
        self.devtools("Emulation.setEmulatedMedia", &features).await;
    }

    /// Takes the network away.
    pub(crate) async fn go_offline(&self) {
        let nothing = json!({
            "offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0,
        });
        self.devtools("Network.enable", &json!({})).await;
        self.devtools("Network.emulateNetworkConditions", &nothing)
            .await;
    }

    /// What has come to the console since it was last asked, that is not good.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.post("se/log", &json!({ "type": "browser" })).await;
        let entries = log.as_array().expect("a list").iter();
        entries
            .filter(|entry| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")))
            .map(|entry| entry["message"].to_string())
            .collect()
    }

    /// The page as a picture: a PNG.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        self.client.screenshot().await.expect("a picture")
    }

    async fn devtools(&self, command: &str, parameters: &Value) {
        let body = json!({ "cmd": command, "params": parameters });
        self.post("goog/cdp/execute", &body).await;
    }

    /// A command that only Chromium knows.
    async fn post(&self, command: &'static str, body: &Value) -> Value {
        let post = Post {
            command,
            body: body.to_string(),
        };
        match self.client.issue_cmd(post).await {
            Ok(value) => value,
            Err(error) => panic!("{error}\nin {command} {body}"),
        }
    }
}

#[derive(Debug)]
struct Post {
    command: &'static str,
    body: String,
}

impl WebDriverCompatibleCommand for Post {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.command
        ))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.clone()))
    }
}
