//! Values for the input and for its one member. `$T` stands for the token.

use super::Rows;
use crate::cognito::Rule;
use crate::cognito::rules::request as rules;

/// The rule that names the class for objects and booleans, and the one for all else.
const OBJECT_OR_BOOLEAN: &Rule = &rules::JSON_CLASS;
const OTHER: &Rule = &rules::JSON_CLASS_OTHER;

/// Bodies without a value. An empty body stands for `{}` where an operation needs no input.
pub(crate) const EMPTY: Rows<&'static str> = &[
    ("empty", "an empty body", ""),
    ("white-space", "a body of white space", " \r\n\t "),
    ("null", "null for the input", "null"),
];

/// Values other than an object for the input.
pub(crate) const NO_OBJECTS: Rows<&'static str> = &[
    ("true", "true for the input", "true"),
    ("false", "false for the input", "false"),
    ("number", "a number for the input", "0"),
    ("string", "the token as a string for the input", r#""$T""#),
    ("string-of-json", "the input's text in a string", r#""{\"AccessToken\":\"$T\"}""#),
    ("array-empty", "an empty array", "[]"),
    ("array-of-token", "an array that holds the token", r#"["$T"]"#),
    ("array-of-object", "an array that holds the input", r#"[{"AccessToken":"$T"}]"#),
    ("array-of-array", "an array in an array that holds the token", r#"[["$T"]]"#),
    ("array-of-pair", "an array of name and token", r#"["AccessToken","$T"]"#),
    ("array-of-pairs", "an array of pairs", r#"[["AccessToken","$T"]]"#),
];

/// Other names for the token's member.
pub(crate) const NAMES: Rows<&'static str> = &[
    ("camel-case", "accessToken", r#"{"accessToken":"$T"}"#),
    ("lower-case", "accesstoken", r#"{"accesstoken":"$T"}"#),
    ("upper-case", "ACCESSTOKEN", r#"{"ACCESSTOKEN":"$T"}"#),
    ("snake-case", "access_token", r#"{"access_token":"$T"}"#),
    ("kebab-case", "Access-Token", r#"{"Access-Token":"$T"}"#),
    ("case-folding", "AccessToken with the Kelvin sign for its k", "{\"AccessTo\u{212a}en\":\"$T\"}"),
    ("plural", "AccessTokens", r#"{"AccessTokens":"$T"}"#),
    ("short", "Token", r#"{"Token":"$T"}"#),
    ("space-in-front", "AccessToken with a space in front", r#"{" AccessToken":"$T"}"#),
    ("space-behind", "AccessToken with a space behind", r#"{"AccessToken ":"$T"}"#),
    ("nul-behind", "AccessToken with NUL behind", r#"{"AccessToken\u0000":"$T"}"#),
    ("empty", "nothing", r#"{"":"$T"}"#),
    ("path", "a path", r#"{"$.AccessToken":"$T"}"#),
];

/// Other places for the token.
pub(crate) const PLACES: Rows<&'static str> = &[
    (
        "wrapped",
        "an object named like the input's shape",
        r#"{"StartWebAuthnRegistrationRequest":{"AccessToken":"$T"}}"#,
    ),
    ("input", "an object named input", r#"{"input":{"AccessToken":"$T"}}"#),
    ("prototype", "the prototype", r#"{"__proto__":{"AccessToken":"$T"}}"#),
];

/// Values of an unknown member.
pub(crate) const UNKNOWN_VALUES: Rows<&'static str> = &[
    ("null", "null", "null"),
    ("string", "a string", r#""none""#),
    ("empty-object", "an empty object", "{}"),
    ("nested", "nested values", r#"{"a":[{"b":[[],{"AccessToken":null}]}],"c":-0.5e-7}"#),
];

/// Inputs with a member that the model does not have.
pub(crate) const UNKNOWN_MEMBERS: Rows<&'static str> = &[
    ("in-front", "a member in front of the token", r#"{"Unknown":0,"AccessToken":"$T"}"#),
    ("type", "a member named __type", r#"{"__type":"StartWebAuthnRegistrationRequest","AccessToken":"$T"}"#),
    ("sibling", "a member of a sibling operation", r#"{"AccessToken":"$T","MaxResults":"many"}"#),
    ("metadata", "ClientMetadata", r#"{"AccessToken":"$T","ClientMetadata":{"a":"b"}}"#),
    ("prototype", "a member named __proto__", r#"{"__proto__":{"AccessToken":0},"AccessToken":"$T"}"#),
    ("constructor", "a member named constructor", r#"{"constructor":{"prototype":null},"AccessToken":"$T"}"#),
    ("other-case", "a member that differs from AccessToken in case", r#"{"AccessToken":"$T","accesstoken":"none"}"#),
    ("empty-name", "a member with an empty name", r#"{"":0,"AccessToken":"$T"}"#),
    ("unicode-name", "a member with a name beyond ASCII", r#"{"Zugriffsschlüssel🔑":0,"AccessToken":"$T"}"#),
];

/// Inputs with a member twice.
pub(crate) const DUPLICATES: Rows<&'static str> = &[
    ("equal", "AccessToken twice, the same", r#"{"AccessToken":"$T","AccessToken":"$T"}"#),
    ("valid-first", "a valid AccessToken and then another", r#"{"AccessToken":"$T","AccessToken":"none"}"#),
    ("valid-last", "an AccessToken and then a valid one", r#"{"AccessToken":"none","AccessToken":"$T"}"#),
    ("null-last", "a valid AccessToken and then null", r#"{"AccessToken":"$T","AccessToken":null}"#),
    (
        "escaped",
        "an AccessToken and then a valid one under an escaped name",
        r#"{"AccessToken":"none","\u0041ccessToken":"$T"}"#,
    ),
    ("unknown", "an unknown member twice", r#"{"Unknown":0,"Unknown":1,"AccessToken":"$T"}"#),
];

/// Values of another type for the token, with the rule that names the class of the refusal.
pub(crate) const TYPES: &[(&str, &str, &str, &Rule)] = &[
    ("zero", "0", "0", OTHER),
    ("integer", "an integer", "1", OTHER),
    ("fraction", "a fraction", "1.5", OTHER),
    ("true", "true", "true", OBJECT_OR_BOOLEAN),
    ("false", "false", "false", OBJECT_OR_BOOLEAN),
    ("array-empty", "an empty array", "[]", OTHER),
    ("array", "an array that holds the token", r#"["$T"]"#, OTHER),
    ("array-of-two", "an array that holds the token twice", r#"["$T","$T"]"#, OTHER),
    ("array-of-characters", "an array of strings", r#"["a","b"]"#, OTHER),
    ("object-empty", "an empty object", "{}", OBJECT_OR_BOOLEAN),
    ("object", "an object that holds the token", r#"{"AccessToken":"$T"}"#, OBJECT_OR_BOOLEAN),
    ("typed", "a typed value of the token", r#"{"S":"$T"}"#, OBJECT_OR_BOOLEAN),
    ("to-string", "an object with a toString member", r#"{"toString":"$T","length":1}"#, OBJECT_OR_BOOLEAN),
    ("operator", "a query operator", r#"{"$ne":null}"#, OBJECT_OR_BOOLEAN),
    ("bytes", "an array of bytes", "[101,121,74]", OTHER),
];

/// Tokens with something outside the pattern.
pub(crate) const OUTSIDE_PATTERN: Rows<&'static str> = &[
    ("empty", "an empty token", ""),
    ("space", "a token that is one space", " "),
    ("line-end-in-front", "a token with a line end in front", "\n$T"),
    ("two", "two tokens with a comma between", "$T,$T"),
    ("angle-brackets", "a token in angle brackets", "<$T>"),
    ("plus", "a token with a plus sign", "$T+"),
    ("slash", "a token with a slash", "$T/"),
    ("tilde", "a token with a tilde", "$T~"),
    ("colon", "a token with a colon", "$T:"),
    ("backslash", "a token with a backslash", "$T\\"),
    ("percent", "a token with a percent-encoded character", "$T%2E"),
    ("nul-behind", "a token with NUL behind", "$T\0"),
    ("nul-and-more", "a token with NUL and more behind", "$T\0x"),
    ("delete", "a token with a control character", "$T\u{7f}"),
    ("latin", "a token with a letter beyond ASCII", "$T\u{e9}"),
    ("look-alike", "a token with a letter that looks the same", "\u{435}$T"),
    ("full-width", "a token with a full-width dot", "$T\u{ff0e}"),
    ("digit", "a token with a digit of another script", "$T\u{661}"),
    ("emoji", "a token with an emoji", "$T\u{1f511}"),
    ("zero-width", "a token with a zero-width space", "$T\u{200b}"),
    ("line-separator", "a token with a line separator behind", "$T\u{2028}"),
    ("combining", "a token with a combining accent", "$T\u{301}"),
    ("direction", "a token with a change of direction", "\u{202e}$T"),
    ("header-injection", "a token with a header behind a line end", "$T\r\nX-Injected: 1"),
    ("sql", "SQL", "' OR '1'='1"),
    ("lookup", "a lookup expression", "${jndi:ldap://127.0.0.1/a}"),
    ("template", "a template expression", "{{7*7}}"),
    ("script", "a script element", "<script>alert(1)</script>"),
    ("parent-path", "a path", "../../../../etc/passwd"),
    ("command", "a shell command", "$(id)"),
    ("format", "format directives", "%s%n%p"),
];

/// Texts of the pattern that are no token.
pub(crate) const NO_TOKENS: Rows<&'static str> = &[
    ("letter", "one letter", "a"),
    ("underscores", "underscores", "___"),
    ("dot", "a dot", "."),
    ("three-dots", "three dots", "..."),
    ("null", "the word null", "null"),
    ("undefined", "the word undefined", "undefined"),
    ("number", "a number in a string", "0"),
    ("uuid", "a UUID", "00000000-0000-4000-8000-000000000000"),
];
