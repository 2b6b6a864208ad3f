//! A headless Chromium, driven by ChromeDriver (W3C WebDriver 2, and Chromium's own commands).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A browser with one page. It ends when this is dropped.
pub(crate) struct Chromium {
    driver: Child,
    port: u16,
    session: String,
}

impl Chromium {
    /// Starts it, where it is installed.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let mut driver = Command::new("chromedriver");
        let Ok(mut driver) = driver.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            crate::skipped(test, "ChromeDriver is not installed; Debian's packages are chromium and chromium-driver");
            return None;
        };
        // `ChromeDriver was started successfully on port 12345.`
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port =
            lines.find_map(|line| Some(line.split_once("successfully on port ")?.1.trim_end_matches('.').to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        let mut chromium = Chromium { driver, port: port.unwrap().parse().unwrap(), session: String::new() };
        // The sandbox refuses root, as whom containers mostly run. All that is opened is our own page.
        let options = json!({ "args": ["--headless=new", "--no-sandbox", "--no-first-run",
            "--hide-scrollbars", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND"] });
        let capabilities =
            json!({ "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" } });
        let started = chromium.send("POST", "/session", &json!({ "capabilities": { "alwaysMatch": capabilities } }));
        let started = match started {
            Ok(started) => started,
            Err(why) if why.contains("cannot find") => {
                crate::skipped(test, "Chromium is not installed; Debian's packages are chromium and chromium-driver");
                return None;
            }
            Err(why) => panic!("{why}"),
        };
        chromium.session = format!("/session/{}", started["sessionId"].as_str().unwrap());
        chromium.size(1280, 900);
        // Smooth scrolling would still be under way when a test looks.
        chromium.prefers("light");
        Some(chromium)
    }

    /// Opens the file, with a fragment where that is not empty.
    pub(crate) fn open(&self, page: &Path, fragment: &str) {
        self.command("/url", &json!({ "url": "about:blank" }));
        let hash = if fragment.is_empty() { "" } else { "#" };
        self.command("/url", &json!({ "url": format!("file://{}{hash}{fragment}", page.display()) }));
    }

    /// What the function's body returns.
    pub(crate) fn js(&self, body: &str) -> Value {
        self.command("/execute/sync", &json!({ "script": body, "args": [] }))
    }

    /// What the function's body gives to its last argument.
    pub(crate) fn js_later(&self, body: &str) -> Value {
        self.command("/execute/async", &json!({ "script": body, "args": [] }))
    }

    /// Waits until the expression is true.
    pub(crate) fn wait(&self, expression: &str) {
        let start = Instant::now();
        while self.js(&format!("return Boolean({expression})")) != true {
            assert!(start.elapsed() < Duration::from_secs(10), "{expression}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses these keys one after the other, as a person does. Special keys are those of WebDriver (`\u{E004}` is Tab).
    pub(crate) fn press(&self, keys: &str) {
        let each = |key: char| [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })];
        let actions: Vec<Value> = keys.chars().flat_map(each).collect();
        self.command("/actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }));
    }

    /// Clicks the first element that the selector finds, as a person does.
    pub(crate) fn click(&self, selector: &str) {
        let found = self.command("/element", &json!({ "using": "css selector", "value": selector }));
        let id = found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        self.command(&format!("/element/{id}/click"), &json!({}));
    }

    pub(crate) fn size(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.chrome("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// Whether the person prefers `light` or `dark`; and no motion.
    pub(crate) fn prefers(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }, { "name": "prefers-reduced-motion", "value": "reduce" }]);
        self.chrome("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// A command of Chromium's own protocol.
    pub(crate) fn chrome(&self, command: &str, parameters: &Value) -> Value {
        self.command("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// What stands in the console since it was asked last.
    pub(crate) fn console(&self) -> Vec<Value> {
        self.command("/se/log", &json!({ "type": "browser" })).as_array().unwrap().clone()
    }

    /// The addresses that were asked for since then, but those of pages on this disk and of data in the page.
    pub(crate) fn requests(&self) -> Vec<String> {
        let log = self.command("/se/log", &json!({ "type": "performance" }));
        let messages = log.as_array().unwrap().iter();
        let messages = messages.map(|line| serde_json::from_str::<Value>(line["message"].as_str().unwrap()).unwrap());
        let sent = messages.filter(|message| message["message"]["method"] == "Network.requestWillBeSent");
        let urls = sent.map(|message| message["message"]["params"]["request"]["url"].as_str().unwrap().to_owned());
        urls.filter(|url| !["file:", "data:", "about:"].iter().any(|own| url.starts_with(own))).collect()
    }

    fn command(&self, path: &str, input: &Value) -> Value {
        self.send("POST", &format!("{}{path}", self.session), input).unwrap()
    }

    fn send(&self, method: &str, path: &str, input: &Value) -> Result<Value, String> {
        let body = input.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(|e| e.to_string())?;
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).map_err(|e| e.to_string())?;
        // The driver keeps the connection open, so that the length tells where the answer ends.
        let mut answer = BufReader::new(stream);
        let (mut head, mut length) = (String::new(), 0);
        while !head.ends_with("\r\n\r\n") {
            let start = head.len();
            if answer.read_line(&mut head).map_err(|e| e.to_string())? == 0 {
                return Err("no answer".to_owned());
            }
            if let Some(told) = head[start..].to_ascii_lowercase().strip_prefix("content-length:") {
                length = told.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        answer.read_exact(&mut body).map_err(|e| e.to_string())?;
        let body = String::from_utf8(body).unwrap();
        let mut output: Value = serde_json::from_str(&body).map_err(|e| format!("{e}: {body}"))?;
        if head.starts_with("HTTP/1.1 200") { Ok(output["value"].take()) } else { Err(output["value"].to_string()) }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.send("DELETE", &self.session, &json!({}));
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
