//! Bodies without an end, much larger than they look, or made to break a reader.

use data_encoding::BASE64;

use crate::act::{Step, endless, send};
use crate::table::{RIGHT, answer, hold, hostile, large, with_headers};

/// How deep the nested documents are.
const DEEP: usize = 100_000;

#[test]
fn endless_bodies() {
    let chunk = format!("4000\r\n{}\r\n", "a".repeat(0x4000));
    let gigabyte = "HTTP/1.1 400 Bad\r\nContent-Length: 1000000000\r\n\r\n";
    hold(vec![
        hostile(
            "body.endless-to-close",
            "transport:too-large",
            vec![send("HTTP/1.1 400 Bad\r\n\r\n"), endless([b'a'; 4096])],
        ),
        hostile(
            "body.endless-chunks",
            "transport:too-large",
            vec![send("HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n"), endless(chunk)],
        ),
        hostile("body.gigabyte-promised-and-sent", "transport:too-large", vec![send(gigabyte), endless([b'a'; 4096])]),
        hostile("body.gigabyte-promised", "transport:too-large", vec![send(gigabyte), send(RIGHT), Step::Silence]),
        hostile(
            "body.a-byte-at-a-time",
            "transport:timeout",
            vec![send("HTTP/1.1 400 Bad\r\nContent-Length: 1000\r\n\r\n"), Step::Drip(b"a".to_vec())],
        ),
        hostile(
            "body.a-chunk-at-a-time",
            "transport:timeout",
            vec![send("HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n"), Step::Drip(b"1\r\na\r\n".to_vec())],
        ),
        hostile(
            "head.a-byte-at-a-time",
            "transport:timeout",
            vec![send("HTTP/1.1 400 Bad\r\n"), Step::Drip(b"X-A: b\r\n".to_vec())],
        ),
    ]);
}

/// Nothing is decompressed: each of these would be hundreds of megabytes.
#[test]
fn compression_bombs() {
    // Deflate's dynamic code for one long run; each zero byte behind it is a thousand bytes more.
    let deflate = [&BASE64.decode(b"7MGBAAAAAACAIJX9F6kK").unwrap()[..], &vec![0; 200_000]].concat();
    let gzip = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff", &deflate[..]].concat();
    let zlib = [b"\x78\xda", &deflate[..]].concat();
    let encoded = |coding: &str, body: &[u8]| vec![with_headers(400, &format!("Content-Encoding: {coding}\r\n"), body)];
    hold(large(vec![
        hostile("body.bomb-gzip", "not-aws-json:not-json", encoded("gzip", &gzip)),
        hostile("body.bomb-deflate", "not-aws-json:not-json", encoded("deflate", &zlib)),
        hostile("body.bomb-brotli", "not-aws-json:not-json", encoded("br", &BASE64.decode(BROTLI.as_bytes()).unwrap())),
        hostile(
            "body.bomb-gzip-in-transit",
            "transport:protocol",
            vec![send("HTTP/1.1 400 Bad\r\nTransfer-Encoding: gzip\r\n\r\n"), send(&gzip)],
        ),
        hostile("body.bomb-twice-coded", "not-aws-json:not-json", encoded("gzip, gzip, br", &gzip)),
    ]));
}

#[test]
fn much_to_read() {
    let (open, close) = ("[".repeat(DEEP), "]".repeat(DEEP));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(DEEP / 4), "}".repeat(DEEP / 4));
    hold(large(vec![
        hostile(
            "body.endless-small-chunks",
            "transport:too-large",
            vec![
                send("HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n"),
                endless(format!("10\r\n{}\r\n", "a".repeat(16)).repeat(512)),
            ],
        ),
        hostile(
            "body.deep-options",
            "success",
            vec![answer(200, format!(r#"{{"CredentialCreationOptions":{open}{close}}}"#))],
        ),
        hostile(
            "body.deep-objects-in-options",
            "success",
            vec![answer(200, format!(r#"{{"CredentialCreationOptions":{objects}}}"#))],
        ),
        hostile(
            "body.deep-message",
            "InvalidParameterException",
            vec![answer(400, format!(r#"{{"__type":"InvalidParameterException","message":{open}{close}}}"#))],
        ),
        hostile("body.deep-type", "not-aws-json:no-code", vec![answer(400, format!(r#"{{"__type":{open}{close}}}"#))]),
        hostile("body.deep-array", "not-aws-json:not-object", vec![answer(400, format!("{open}{close}"))]),
        hostile("body.deep-and-cut", "not-aws-json:truncated", vec![answer(400, &open)]),
        hostile(
            "body.many-members",
            "not-aws-json:no-code",
            vec![answer(400, format!("{{{}}}", vec![r#""a":1"#; 30_000].join(",")))],
        ),
        hostile(
            "body.long-number",
            "not-aws-json:no-code",
            vec![answer(400, format!(r#"{{"a":{}}}"#, "9".repeat(200_000)))],
        ),
        hostile(
            "body.large-exponent",
            "not-aws-json:no-code",
            vec![answer(400, r#"{"a":1e999999999999,"b":-1E-999999999999}"#)],
        ),
    ]));
}

/// Half a gigabyte of spaces.
const BROTLI: &str = "z///fwAkQOKxQHLv//n//w+ABEAcFoDu/T////8BkACIwwLQvf/n//8/ABIAcVgAuvf//P//B0ACIA4LQPf+n////wBIAMRhAeje//P//x8ACYA4LADd+3/+//8DIAEQhwWge//P//9/ACQA4rAAdO//+f//D4AEQBwWgO79P////wGQAIjDAtC9/+f//z8AEgBxWAC69//8//8HQAIgDgtA9/6f////AEgAxGEB6N7/8///HwAJgDgsAN37f/7//wMgARCHBaB7/8///38AJADisAB07//5//8PgARAHBaA7v0/////AZAAiMMC0L3/5///PwASAHFYALr3//z//wdAAiAOC0D3/p////8ASADEYQHo3v/z//8fAAmAOCwA3ft//v//AyABEIcFoHv/z///fwAkAOKwAHTv//n//w+ABEAcFoDu/T////8BkACIwwLQvf/n//8/ABIAcVgAuvf//P//B0ACIA4LQPf+n////wBIAMRhAeje//P//x8ACYA4LADd+//8//8HIAEQhwWge/8P";
