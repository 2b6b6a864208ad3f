//! What the checks of all members share: reporting, finding members by name, and the types of values.

use crate::cognito::rules::{cognito_options as cognito, options as w3c};
use crate::cognito::{Finding, Rule};

use super::json::{Kind, Value, push_token};
use super::show::shorten;
use super::{Context, Profile};

/// The most findings of one rule: a document of a million wrong entries is told in a few lines.
const FINDINGS_OF_A_RULE: usize = 20;

/// Collects findings.
pub(super) struct Checker<'c> {
    pub(super) context: &'c Context,
    pub(super) findings: Vec<Finding>,
}

/// A place in the document. It becomes a JSON pointer only when something is wrong there.
#[derive(Clone, Copy)]
pub(super) enum Path<'p> {
    Root,
    Member(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl<'p> Path<'p> {
    pub(super) fn member(&'p self, name: &'p str) -> Path<'p> {
        Path::Member(self, name)
    }

    pub(super) fn item(&'p self, index: usize) -> Path<'p> {
        Path::Item(self, index)
    }

    pub(super) fn pointer(&self) -> String {
        match self {
            Path::Root => String::new(),
            Path::Member(parent, name) => {
                let mut pointer = parent.pointer();
                push_token(&mut pointer, name);
                pointer
            }
            Path::Item(parent, index) => format!("{}/{index}", parent.pointer()),
        }
    }
}

/// A member that the specification knows.
pub(super) struct Known {
    name: &'static str,
    presence: Presence,
}

/// A known member that was found.
#[derive(Clone, Copy)]
pub(super) struct Field<'d> {
    /// Its name as it is written, which may differ from the specification's in case.
    pub(super) name: &'d str,
    pub(super) value: Value<'d>,
}

/// Who misses the member when it is not there.
enum Presence {
    /// Every client, by this rule.
    Required(&'static Rule),
    /// Who expects Cognito, by this rule.
    Cognito(&'static Rule),
    /// Nobody; Cognito was never seen to send it.
    Extra,
}

impl Known {
    pub(super) const fn required(name: &'static str, rule: &'static Rule) -> Self {
        Known { name, presence: Presence::Required(rule) }
    }

    pub(super) const fn cognito(name: &'static str, rule: &'static Rule) -> Self {
        Known { name, presence: Presence::Cognito(rule) }
    }

    pub(super) const fn extra(name: &'static str) -> Self {
        Known { name, presence: Presence::Extra }
    }

    /// The rule that its name, written in another case, breaks.
    fn case_rule(&self) -> &'static Rule {
        match self.presence {
            Presence::Required(_) => &w3c::MEMBER_CASE,
            Presence::Cognito(_) | Presence::Extra => &w3c::MEMBER_CASE_OPTIONAL,
        }
    }
}

impl<'c> Checker<'c> {
    pub(super) fn new(context: &'c Context) -> Self {
        Checker { context, findings: Vec::new() }
    }

    /// Whether the `cognito` profile holds.
    pub(super) fn is_cognito(&self) -> bool {
        self.context.profile == Profile::Cognito
    }

    /// Adds a finding about a place in the document.
    pub(super) fn report(
        &mut self,
        rule: &'static Rule,
        at: &Path<'_>,
        got: impl Into<String>,
        wanted: impl Into<String>,
    ) {
        if self.has_room(rule) {
            self.findings.push(Finding::new(rule, got, wanted).at(at.pointer()));
        }
    }

    /// Adds a finding about a value that is of the right type and wrong all the same.
    pub(super) fn report_value(
        &mut self,
        rule: &'static Rule,
        at: &Path<'_>,
        value: Value<'_>,
        wanted: impl Into<String>,
    ) {
        self.report(rule, at, shorten(value.raw()), wanted);
    }

    /// Whether the rule's findings are not too many already.
    pub(super) fn has_room(&self, rule: &'static Rule) -> bool {
        self.findings.iter().filter(|finding| std::ptr::eq(finding.rule, rule)).count() < FINDINGS_OF_A_RULE
    }

    /// The known members of an object, in the order of `known`; the last where there are several of a name.
    ///
    /// Reports members that are missing, null, misspelt in case, or unknown. A misspelt one is judged as if it were not.
    pub(super) fn members<'d, const N: usize>(
        &mut self,
        object: Value<'d>,
        at: &Path<'_>,
        known: &[Known; N],
    ) -> [Option<Field<'d>>; N] {
        let mut exact = [None; N];
        let mut misspelt = [None; N];
        for (name, value) in object.members() {
            let name = name.string().unwrap_or_default();
            let field = Some(Field { name, value });
            if let Some(n) = known.iter().position(|k| k.name == name) {
                exact[n] = field;
            } else if let Some(n) = known.iter().position(|k| is_same_but_case(k.name, name)) {
                misspelt[n] = field;
            } else {
                self.report(&w3c::MEMBER_UNKNOWN, &at.member(name), "a member of that name", "none");
            }
        }
        for rule in [&w3c::MEMBER_CASE, &w3c::MEMBER_CASE_OPTIONAL] {
            let (mut wanted, mut got) = (Vec::new(), Vec::new());
            for (n, known) in known.iter().enumerate() {
                if let (None, Some(field)) = (exact[n], misspelt[n])
                    && std::ptr::eq(known.case_rule(), rule)
                {
                    wanted.push(known.name);
                    got.push(field.name);
                }
            }
            self.report_case(rule, &wanted, &got, at);
        }
        std::array::from_fn(|n| self.member(&known[n], exact[n], misspelt[n], at))
    }

    /// One finding for all names of an object: an implementation that misspells one mostly misspells all.
    fn report_case(&mut self, rule: &'static Rule, wanted: &[&str], got: &[&str], at: &Path<'_>) {
        match got {
            [] => {}
            [name] => self.report(rule, &at.member(name), shorten(name), wanted.join(", ")),
            names => self.report(rule, at, shorten(&names.join(", ")), wanted.join(", ")),
        }
    }

    fn member<'d>(
        &mut self,
        known: &Known,
        exact: Option<Field<'d>>,
        misspelt: Option<Field<'d>>,
        at: &Path<'_>,
    ) -> Option<Field<'d>> {
        match known.presence {
            Presence::Required(rule) if exact.is_none() && misspelt.is_none() => {
                self.report(rule, &at.member(known.name), "nothing", "a value");
            }
            Presence::Cognito(rule) if exact.is_none() && self.is_cognito() => {
                let got =
                    misspelt.map_or_else(|| "nothing".to_owned(), |field| format!("only {}", shorten(field.name)));
                self.report(rule, &at.member(known.name), got, "a value");
            }
            Presence::Extra if exact.is_some() && self.is_cognito() => {
                self.report(&cognito::MEMBERS, &at.member(known.name), "a member of that name", "none");
            }
            _ => {}
        }
        if let (Some(_), Some(extra)) = (exact, misspelt) {
            self.report(&w3c::MEMBER_UNKNOWN, &at.member(extra.name), "a member of that name", "none");
        }
        let field = exact.or(misspelt)?;
        if field.value.kind() == Kind::Null {
            self.report(&w3c::MEMBER_NULL, &at.member(field.name), "null", "a value, or no such member");
            return None;
        }
        Some(field)
    }

    /// The value if it is an object; else a finding by `rule`.
    pub(super) fn object<'d>(&mut self, value: Value<'d>, at: &Path<'_>, rule: &'static Rule) -> Option<Value<'d>> {
        self.typed(value, at, rule, "an object", (value.kind() == Kind::Object).then_some(value))
    }

    /// The value if it is an array; else a finding by `rule`.
    pub(super) fn array<'d>(&mut self, value: Value<'d>, at: &Path<'_>, rule: &'static Rule) -> Option<Value<'d>> {
        self.typed(value, at, rule, "an array", (value.kind() == Kind::Array).then_some(value))
    }

    /// The string if it is one; else a finding by `rule`.
    pub(super) fn string<'d>(&mut self, value: Value<'d>, at: &Path<'_>, rule: &'static Rule) -> Option<&'d str> {
        self.typed(value, at, rule, "a string", value.string())
    }

    /// The boolean if it is one; else a finding by `rule`.
    pub(super) fn boolean(&mut self, value: Value<'_>, at: &Path<'_>, rule: &'static Rule) -> Option<bool> {
        let boolean = match value.kind() {
            Kind::Boolean(b) => Some(b),
            _ => None,
        };
        self.typed(value, at, rule, "true or false", boolean)
    }

    /// The integer if it is one within the range; else a finding by the first, second or third rule: it is no number, not
    /// written as an integer, or out of range.
    pub(super) fn integer(
        &mut self,
        value: Value<'_>,
        at: &Path<'_>,
        [json_type, integer, range]: [&'static Rule; 3],
        (min, max): (i64, i64),
    ) -> Option<i64> {
        let Kind::Number(text) = value.kind() else {
            return self.typed(value, at, json_type, "a number", None);
        };
        if text.contains(['.', 'e', 'E']) {
            self.report_value(integer, at, value, "digits only, without fraction or exponent");
            return None;
        }
        match text.parse::<i64>() {
            Ok(n) if (min..=max).contains(&n) => Some(n),
            _ => {
                self.report_value(range, at, value, format!("{min} to {max}"));
                None
            }
        }
    }

    /// Reports a string that is none of `values`. Whether it is one.
    pub(super) fn one_of(
        &mut self,
        text: &str,
        at: &Path<'_>,
        rule: &'static Rule,
        values: &'static [&'static str],
    ) -> bool {
        let is_known = values.contains(&text);
        if !is_known {
            self.report(rule, at, format!("\"{}\"", shorten(text)), values.join(" or "));
        }
        is_known
    }

    fn typed<T>(
        &mut self,
        value: Value<'_>,
        at: &Path<'_>,
        rule: &'static Rule,
        wanted: &str,
        typed: Option<T>,
    ) -> Option<T> {
        if typed.is_none() {
            let what = match value.kind() {
                Kind::Null => "null",
                Kind::Boolean(_) => "a boolean",
                Kind::Number(_) => "a number",
                Kind::String(_) => "a string",
                Kind::Array => "an array",
                Kind::Object => "an object",
            };
            self.report(rule, at, format!("{what}: {}", shorten(value.raw())), wanted);
        }
        typed
    }
}

/// Whether two names differ in case and separators only: `pubKeyCredParams`, `PubKeyCredParams`, `pub_key_cred_params`.
pub(super) fn is_same_but_case(a: &str, b: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = u8> {
        name.bytes().filter(|b| !matches!(b, b'_' | b'-')).map(|b| b.to_ascii_lowercase())
    }
    letters(a).eq(letters(b))
}
