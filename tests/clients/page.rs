//! What docs/adapters.md says holds.

use std::io::{Read, Write};
use std::net::TcpListener;

use cogspec::adapter::{Ask, Lost, Outcome, Told};
use cogspec::emulator::{Config, Emulator};
use cogspec::implementation::{ClientRecipe, Implementation};
use cogspec::report::Schema;
use serde_json::Value;

use crate::support::{Folder, LONG, ask};

const PAGE: &str = include_str!("../../docs/adapters.md");

/// The blocks of code in that language.
fn blocks(language: &str) -> impl Iterator<Item = &'static str> {
    PAGE.split("```").skip(1).step_by(2).filter_map(move |block| block.strip_prefix(language)?.strip_prefix('\n'))
}

#[test]
fn its_lines_are_those_of_the_protocol_and_its_tables_name_each_member() {
    let lines: Vec<&str> = blocks("json").map(str::trim).collect();
    let [asked, told] = lines[..] else { panic!("{lines:?}") };
    assert_eq!(Ask::parse(asked.as_bytes()).unwrap().scenario, Told::parse(told.as_bytes()).unwrap().scenario);
    let schema: Value = serde_json::from_str(Schema::Adapter.text()).unwrap();
    for line in ["ask", "told"] {
        for member in schema["$defs"][line]["properties"].as_object().unwrap().keys() {
            assert!(PAGE.contains(&format!("\n| `{member}` | ")), "{member} of {line} is not in the page");
        }
    }
    for outcome in Outcome::ALL {
        assert!(PAGE.contains(&format!("\n- `{}`: ", outcome.name())), "{outcome:?}");
    }
}

/// A server that answers one call with this body.
fn serving(body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let length = body.len();
        let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}").as_bytes());
    });
    endpoint
}

#[tokio::test(flavor = "multi_thread")]
async fn its_example_is_an_adapter() {
    let folder = Folder::new("page");
    folder.write("adapter.py", blocks("python").next().unwrap());
    let recipe = blocks("toml").next().unwrap();
    let place = "/home/ada/urllib/adapter.py";
    assert!(recipe.contains(place));
    folder.write("stub/implementation.toml", &recipe.replace(place, &folder.path("adapter.py").display().to_string()));
    assert!(Implementation::<ClientRecipe>::read(&folder.path("stub")).unwrap().recipe().install.is_none());
    let mut adapter = folder.adapter().await;

    let emulator = Emulator::start(Config::default()).await.unwrap();
    let told = match adapter.ask(&Ask { endpoint: emulator.endpoint(), ..ask("one") }, LONG).await {
        Err(Lost::Ended { code: 127, tail }) => {
            // Not eprintln!, which the test harness would swallow: a skip is to be seen.
            let _ = writeln!(std::io::stderr(), "SKIPPED the example of docs/adapters.md: {tail}");
            return;
        }
        told => told.unwrap(),
    };
    assert_eq!((told.outcome, told.code.as_deref()), (Outcome::Error, Some("NotAuthorizedException")));
    assert_eq!(told.status, Some(400));

    let endpoint = serving(r#"{"CredentialCreationOptions":{"challenge":"AAAA"}}"#);
    let told = adapter.ask(&Ask { endpoint, ..ask("two") }, LONG).await.unwrap();
    assert_eq!((told.outcome, told.status), (Outcome::Success, Some(200)));
    assert_eq!(told.options.unwrap().get(), r#"{"challenge": "AAAA"}"#);

    let told = adapter.ask(&Ask { endpoint: serving("<html>"), ..ask("three") }, LONG).await.unwrap();
    assert_eq!((told.outcome, told.code.as_deref()), (Outcome::Failure, Some("JSONDecodeError")));
    adapter.stop().await.unwrap();
}
