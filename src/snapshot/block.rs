//! The blocks of an observation, each told of one exchange, by their keys.

/// What an observation says of one exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// How often it came.
    pub times: usize,
    /// Keys and values in order; a value may go over several lines.
    pub keys: Vec<(&'a str, String)>,
}

impl Block<'_> {
    /// The value of a key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.keys.iter().find(|(k, _)| *k == key).map(|(_, value)| value.as_str())
    }
}

/// The blocks of an observation, or of a snapshot's text.
#[must_use]
pub fn blocks(observation: &str) -> Vec<Block<'_>> {
    observation.trim().split("\n\n").map(block).collect()
}

fn block(text: &str) -> Block<'_> {
    let mut block = Block { times: 1, keys: Vec::new() };
    for line in text.lines() {
        if let Some(times) = line.strip_prefix("× ") {
            block.times = times.parse().unwrap_or(1);
            continue;
        }
        let is_key = line.starts_with(|c: char| c.is_ascii_alphabetic());
        match (line.split_once(": ").filter(|_| is_key), block.keys.last_mut()) {
            (Some((key, value)), _) => block.keys.push((key, value.to_owned())),
            (None, Some((_, value))) => {
                value.push('\n');
                value.push_str(line);
            }
            (None, None) => {}
        }
    }
    block
}
