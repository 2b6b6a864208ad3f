//! A toy in the place of Amazon Cognito: one user, one access token, and creation options. `--repeat` makes it hand out one
//! challenge again and again.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The access token of its one user.
const TOKEN: &str = "dG95.dG95.dG95";

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let repeats = std::env::args().any(|argument| argument == "--repeat");
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(async move {
            // A client that goes away is no concern of the others.
            let _ = serve(stream, repeats).await;
        });
    }
}

/// One request on each connection.
async fn serve(mut stream: TcpStream, repeats: bool) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let body = loop {
        let mut part = [0; 8192];
        match stream.read(&mut part).await? {
            0 => return Ok(()),
            read => bytes.extend_from_slice(&part[..read]),
        }
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            break body.to_owned();
        }
    };
    let (status, answer) = answer(&body, repeats);
    let answer = answer.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/x-amz-json-1.1\r\nx-amzn-requestid: 7d3f1c7e-0d2c-4a51-9a53-5d1c2b7d2f10\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        answer.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(answer.as_bytes()).await
}

fn answer(body: &str, repeats: bool) -> (&'static str, Value) {
    let input: Value = serde_json::from_str(body).unwrap_or_default();
    if input["AccessToken"] != TOKEN {
        let error = json!({ "__type": "NotAuthorizedException", "message": "Invalid Access Token" });
        return ("400 Bad Request", error);
    }
    let options = json!({
        "rp": { "id": "auth.example.com", "name": "auth.example.com" },
        "user": { "id": "dG95LXVzZXI", "name": "toy", "displayName": "toy" },
        "challenge": if repeats { "AAAAAAAAAAAAAAAAAAAAAA".to_owned() } else { challenge() },
        "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -257 }],
        "timeout": 60000,
        "excludeCredentials": [],
        "authenticatorSelection":
            { "requireResidentKey": true, "residentKey": "required", "userVerification": "required" },
    });
    ("200 OK", json!({ "CredentialCreationOptions": options }))
}

/// 22 letters of base64url that look random, and are not: this is a toy.
fn challenge() -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    static STATE: AtomicU64 = AtomicU64::new(0x9e37_79b9_7f4a_7c15);
    let mut letters: Vec<u8> = (0..22)
        .map(|_| {
            // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
            let mut z = STATE.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            LETTERS[(z >> 58) as usize]
        })
        .collect();
    // The last letter of 16 bytes has two bits.
    letters[21] = b'A';
    String::from_utf8_lossy(&letters).into_owned()
}
