//! Commands over Marionette, as Firefox takes them without a driver: frames of `LENGTH:JSON` over TCP, of a command
//! `[0, id, name, parameters]` and of its answer `[1, id, error, result]`.

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::BrowserError;
use super::command::{COMMAND, Command};

/// The most bytes that a frame may have.
const MAX_FRAME: u64 = 1 << 26;

/// A Firefox that listens to us.
pub(super) struct Marionette {
    stream: BufReader<TcpStream>,
    /// The id of the last command.
    id: u64,
    /// What the browser says of itself.
    pub(super) capabilities: Value,
}

impl Marionette {
    /// Starts a session with these capabilities in the browser that listens on the port.
    pub(super) async fn start(port: u16, capabilities: Value) -> Result<Self, BrowserError> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(BrowserError::failed)?;
        let mut marionette = Marionette { stream: BufReader::new(stream), id: 0, capabilities: Value::Null };
        // It speaks first, and says which version of the protocol it has.
        let hello = timely(marionette.receive()).await?;
        if hello["marionetteProtocol"] != 3 {
            return Err(BrowserError::failed(format!("another protocol than Marionette's third: {hello}")));
        }
        let mut started = marionette.send("WebDriver:NewSession", capabilities).await?;
        marionette.capabilities = started["capabilities"].take();
        Ok(marionette)
    }

    /// Sends a command; its answer.
    pub(super) async fn execute(&mut self, command: Command<'_>) -> Result<Value, BrowserError> {
        let (name, parameters) = match command {
            Command::AddAuthenticator(options) => ("WebAuthn:AddVirtualAuthenticator", options.clone()),
            Command::ForgetCredentials(id) => ("WebAuthn:RemoveAllCredentials", json!({ "authenticatorId": id })),
            Command::Go(url) => ("WebDriver:Navigate", json!({ "url": url })),
            Command::Run { script, arguments } => {
                ("WebDriver:ExecuteAsyncScript", json!({ "script": script, "args": arguments }))
            }
            Command::End => ("Marionette:Quit", json!({ "flags": ["eForceQuit"] })),
        };
        Ok(self.send(name, parameters).await?["value"].take())
    }

    async fn send(&mut self, name: &str, parameters: Value) -> Result<Value, BrowserError> {
        self.id += 1;
        let command = json!([0, self.id, name, parameters]).to_string();
        let frame = format!("{}:{command}", command.len());
        let mut answer = timely(async {
            self.stream.write_all(frame.as_bytes()).await?;
            self.receive().await
        })
        .await?;
        if (&answer[0], &answer[1]) != (&1.into(), &self.id.into()) {
            return Err(BrowserError::failed(format!("no answer to {name}")));
        }
        if answer[2].is_null() { Ok(answer[3].take()) } else { Err(BrowserError::told(&answer[2])) }
    }

    async fn receive(&mut self) -> std::io::Result<Value> {
        let mut length = Vec::new();
        (&mut self.stream).take(20).read_until(b':', &mut length).await?;
        let length = std::str::from_utf8(&length).ok().and_then(|text| text.strip_suffix(':')?.parse().ok());
        let length = length.filter(|length| *length <= MAX_FRAME);
        let length = length.ok_or_else(|| std::io::Error::other("the browser sent no frame"))?;
        let mut frame = Vec::new();
        (&mut self.stream).take(length).read_to_end(&mut frame).await?;
        Ok(serde_json::from_slice(&frame)?)
    }
}

async fn timely<T>(exchange: impl Future<Output = std::io::Result<T>>) -> Result<T, BrowserError> {
    match tokio::time::timeout(COMMAND, exchange).await {
        Ok(done) => done.map_err(BrowserError::failed),
        Err(_) => Err(BrowserError::late(COMMAND)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::{BrowserError, Marionette};

    const HELLO: &str = r#"50:{"applicationType":"gecko","marionetteProtocol":3}"#;

    /// What comes of a browser that says these bytes and no more.
    async fn start(said: String) -> Result<Marionette, BrowserError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let browser = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(said.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
            stream
        });
        let started = Marionette::start(port, json!({})).await;
        browser.await.unwrap();
        started
    }

    #[tokio::test]
    async fn answers_are_read_frame_by_frame() {
        let answer = r#"[1,1,null,{"capabilities":{"browserVersion":"153.7.0"}}]"#;
        let marionette = start(format!("{HELLO}{}:{answer}", answer.len())).await.unwrap();
        assert_eq!(marionette.capabilities, json!({ "browserVersion": "153.7.0" }));
    }

    #[tokio::test]
    async fn what_is_no_answer_is_told() {
        for (said, error) in [
            ("".to_owned(), "the browser sent no frame"),
            ("HTTP/1.1 400 Bad Request\r\n\r\n".to_owned(), "the browser sent no frame"),
            ("99999999999:{}".to_owned(), "the browser sent no frame"),
            (r#"24:{"marionetteProtocol":2}"#.to_owned(), "another protocol"),
            (format!("{HELLO}40:[1,1,null,"), "EOF while parsing"),
            (format!("{HELLO}16:[1,2,null,{{\"a\":1}}]"), "EOF while parsing"),
            (format!("{HELLO}13:[1,2,null,{{}}]"), "no answer to WebDriver:NewSession"),
            (format!("{HELLO}54:[1,1,{{\"error\":\"no session\",\"message\":\"why\\nstack\"}},0]"), "no session: why"),
        ] {
            let told = start(said.clone()).await.err().unwrap().to_string();
            assert!(told.contains(error), "{said}: {told}");
        }
    }
}
