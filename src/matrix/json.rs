//! The matrix as JSON: a line for each column, rule and row, so that a change shows as the lines that it is about.

use serde_json::Value;

use super::Matrix;

impl Matrix {
    /// The document; the same matrix always gives the same bytes.
    ///
    /// # Errors
    /// None that a matrix can cause: the signature is that of the library.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let mut text = String::from("{");
        let document = serde_json::to_value(self)?;
        for (n, (name, value)) in document.as_object().into_iter().flatten().enumerate() {
            text.push_str(if n == 0 { "\n" } else { ",\n" });
            text.push_str(&format!("  {}: {}", Value::from(name.as_str()), lines(value)));
        }
        text.push_str("\n}\n");
        Ok(text)
    }
}

/// A value, each element or member on a line of its own.
fn lines(value: &Value) -> String {
    let (open, lines, close): (_, Vec<String>, _) = match value {
        Value::Array(elements) if !elements.is_empty() => ('[', elements.iter().map(Value::to_string).collect(), ']'),
        Value::Object(members) if members.values().any(Value::is_object) => {
            let member = |(name, value): (&String, &Value)| format!("{}: {value}", Value::from(name.as_str()));
            ('{', members.iter().map(member).collect(), '}')
        }
        plain => return plain.to_string(),
    };
    format!("{open}\n    {}\n  {close}", lines.join(",\n    "))
}
