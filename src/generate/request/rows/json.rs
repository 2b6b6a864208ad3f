//! JSON texts: what is no JSON, what only lenient readers take for it, and what is JSON though it looks odd. `$T` stands for
//! the token.

use super::Rows;

/// No reader makes the input of these.
pub(crate) const BROKEN: Rows<&'static str> = &[
    ("cut.brace", "a body that ends after its opening brace", "{"),
    ("cut.colon", "a body that ends before the token", r#"{"AccessToken":"#),
    ("cut.value", "a body that ends within the token's string", r#"{"AccessToken":"$T"#),
    ("cut.object", "a body without its closing brace", r#"{"AccessToken":"$T""#),
    ("cut.comma", "a body that ends after a comma", r#"{"AccessToken":"$T","#),
    ("cut.unknown", "a body that ends within an unknown member", r#"{"AccessToken":"$T","Unknown":[1,"#),
    ("missing-colon", "a member without a colon", r#"{"AccessToken" "$T"}"#),
    ("missing-comma", "two members without a comma", r#"{"AccessToken":"$T" "Unknown":0}"#),
    ("missing-quotes", "a token without quotes", r#"{"AccessToken":$T}"#),
    ("missing-opening-brace", "an object without its opening brace", r#""AccessToken":"$T"}"#),
    ("mismatched", "an object that a bracket closes", r#"{"AccessToken":"$T"]"#),
    ("brackets", "an opening bracket in place of a member", "{["),
    ("form", "a form", "AccessToken=$T"),
    ("xml", "XML", "<AccessToken>$T</AccessToken>"),
    ("yaml", "YAML", "AccessToken: $T"),
    ("bare-token", "the token alone", "$T"),
];

/// Lenient readers make the input of these.
pub(crate) const LENIENT: Rows<&'static str> = &[
    ("trailing-comma", "a trailing comma", r#"{"AccessToken":"$T",}"#),
    ("leading-comma", "a leading comma", r#"{,"AccessToken":"$T"}"#),
    ("doubled-comma", "a doubled comma", r#"{"AccessToken":"$T",,"Unknown":0}"#),
    ("semicolon", "a semicolon for a comma", r#"{"AccessToken":"$T";"Unknown":0}"#),
    ("equals", "an equals sign for a colon", r#"{"AccessToken"="$T"}"#),
    ("comment-line", "a comment on its own line", "// comment\n{\"AccessToken\":\"$T\"}"),
    ("comment-behind", "a comment behind the object", "{\"AccessToken\":\"$T\"} // comment"),
    ("comment-block", "a comment within the object", r#"{/* comment */"AccessToken":"$T"}"#),
    ("comment-hash", "a comment after a hash sign", "# comment\n{\"AccessToken\":\"$T\"}"),
    ("two-documents", "two documents", r#"{"AccessToken":"$T"}{}"#),
    ("two-lines", "two documents on two lines", "{\"AccessToken\":\"$T\"}\n{\"AccessToken\":\"$T\"}\n"),
    ("text-behind", "text behind the object", r#"{"AccessToken":"$T"}abc"#),
    ("brace-behind", "one closing brace too many", r#"{"AccessToken":"$T"}}"#),
    ("comma-behind", "a comma behind the object", r#"{"AccessToken":"$T"},"#),
    ("nul-behind", "NUL behind the object", "{\"AccessToken\":\"$T\"}\0"),
    ("text-in-front", "text in front of the object", r#"abc{"AccessToken":"$T"}"#),
    ("guard-in-front", "a guard against script inclusion in front", ")]}'\n{\"AccessToken\":\"$T\"}"),
    ("single-quotes", "single quotes", "{'AccessToken':'$T'}"),
    ("unquoted-name", "a member name without quotes", r#"{AccessToken:"$T"}"#),
    ("backquotes", "a token in backquotes", "{\"AccessToken\":`$T`}"),
    ("form-feed", "a form feed for white space", "{\u{c}\"AccessToken\":\"$T\"}"),
    ("vertical-tab", "a vertical tab for white space", "{\u{b}\"AccessToken\":\"$T\"}"),
    ("no-break-space", "a no-break space for white space", "{\u{a0}\"AccessToken\":\"$T\"}"),
    ("line-separator", "a line separator for white space", "{\u{2028}\"AccessToken\":\"$T\"}"),
    ("line-end-in-name", "a line end in a member name", "{\"Unknown\n\":0,\"AccessToken\":\"$T\"}"),
    ("concatenated", "a token in two strings", r#"{"AccessToken":"" + "$T"}"#),
    ("numeric-name", "a number for a member name", r#"{"AccessToken":"$T",1:0}"#),
    ("call", "a function call around the object", r#"callback({"AccessToken":"$T"})"#),
];

/// What is no JSON value, as the value of an unknown member: to skip a member is to read it.
pub(crate) const NO_VALUES: Rows<&'static str> = &[
    ("nan", "NaN", "NaN"),
    ("infinity", "Infinity", "Infinity"),
    ("minus-infinity", "-Infinity", "-Infinity"),
    ("hexadecimal", "a hexadecimal number", "0x10"),
    ("leading-zero", "a number with a leading zero", "010"),
    ("plus", "a number with a plus sign", "+1"),
    ("leading-point", "a number that begins with its point", ".5"),
    ("trailing-point", "a number that ends with its point", "1."),
    ("empty-exponent", "a number with an empty exponent", "1e"),
    ("minus", "a minus sign alone", "-"),
    ("digits-grouped", "a number with grouped digits", "1_000"),
    ("true-case", "a literal in another case", "True"),
    ("literal-cut", "a literal that is cut off", "nul"),
    ("undefined", "undefined", "undefined"),
    ("line-end", "a line end in a string", "\"a\nb\""),
    ("tab", "a tab in a string", "\"a\tb\""),
    ("nul", "NUL in a string", "\"a\0b\""),
    ("escape-unknown", "an unknown escape", r#""\x41""#),
    ("escape-quote", "an escaped single quote", r#""\'""#),
    ("escape-short", "an escape of two digits", r#""\u12""#),
    ("escape-sign", "an escape with a sign", r#""\u+041""#),
    ("array-comma", "an array with a trailing comma", "[1,]"),
    ("array-hole", "an array with a hole", "[1,,2]"),
    ("missing", "nothing", ""),
];

/// Values that RFC 8259 leaves to the parser.
pub(crate) const CHOICES: Rows<&'static str> = &[
    ("huge-number", "a number beyond every range", "1e400"),
    ("long-number", "an integer beyond 64 bits", "123456789012345678901234567890"),
    ("lone-surrogate", "the escape of a lone surrogate", r#""\ud800""#),
    ("swapped-surrogates", "the escapes of two surrogates in the wrong order", r#""\ude00\ud83d""#),
];

/// White space in all its places.
pub(crate) const WHITE_SPACE: Rows<&'static str> = &[
    ("everywhere", "white space around every token", " { \"AccessToken\" : \"$T\" } "),
    ("line-ends", "line ends and tabs for white space", "\r\n{\r\n\t\"AccessToken\":\n\n\t\t\"$T\"\r}\r\n"),
];

/// Escapes in all their places.
pub(crate) const ESCAPES: Rows<&'static str> = &[
    ("name", "an escaped letter in the member's name", r#"{"\u0041ccessToken":"$T"}"#),
    ("name-hexadecimal-case", "an escape with a digit in upper case", r#"{"AccessTo\u006Ben":"$T"}"#),
    (
        "unknown-member",
        "every escape in an unknown member",
        r#"{"AccessToken":"$T","Unknown":"\"\\\/\b\f\n\r\t\u0000\ud83d\ude00"}"#,
    ),
];
